using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.Extensions.Logging.Console;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.Deploying;
using Strata.Hub.Fleets;
using Strata.Hub.Garbage;
using Strata.Hub.Listeners;
using Strata.Hub.Persistence;
using Strata.Hub.Portal;
using Strata.Hub.Portal.Catalogue;
using Strata.Hub.Portal.OpenId;
using Strata.Hub.Publishing;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Hub.Targets;
using Strata.Hub.Trust;
using Strata.Hub.Units;
using Strata.Store;

namespace Strata.Hub;

/// <summary>What a hub says when it is ready: on standard output and in <c>hub.json</c>.</summary>
internal sealed record HubReady(int Pid, string Api, string Discovery, string Blobs, string Portal, string PortalCertificate, string SignIn);

/// <summary>JSON of the ready line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubReady))]
internal sealed partial class ReadyJson : JsonSerializerContext;

/// <summary>Puts a hub together and runs it.</summary>
internal static class HubProgram
{
    private const int Failed = 1, NoSpace = 5;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs until SIGTERM or Ctrl-C.</summary>
    /// <returns>0; else, as those of <c>strata</c>, 5 when the disk is full and 1 when it cannot start as it was asked to.</returns>
    public static async Task<int> RunAsync(HubOptions options, HubTrust trust, TextWriter output, TextWriter error)
    {
        try
        {
            Directory.CreateDirectory(options.Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            using var held = StoreLock.Acquire(options.Data);
            Recovery.Run(held);
            using var database = HubDatabase.Open(options);
            using var log = options.IsFollower ? ChangeLog.Follow(database) : ChangeLog.Open(database);
            using var writer = new HubWriter(log, TimeProvider.System);
            writer.Load();
            var files = new HubFiles(options.Data);
            if (!options.IsFollower) files.Recover(writer.State);
            var doomed = new DoomedBlobs(TimeProvider.System);
            using var index = CatalogueIndex.Open(IndexTables.Open(options, database));
            using var s3 = options.Blobs is { } address ? await S3Blobs.OpenAsync(address, files, doomed) : null;
            IBlobs blobs = s3 is not null ? s3 : new FolderBlobs(new BlobStore(options.Data), doomed);
            await using var app = Build(options, trust, writer, blobs, files, doomed, index);
            app.Lifetime.ApplicationStarted.Register(() => Announce(options, app.Services, output));
            // The next link is there as soon as one was used; it is not printed.
            app.Services.GetRequiredService<SignInLink>().Used += () => Announce(options, app.Services, TextWriter.Null);
            await app.RunAsync();
            File.Delete(Path.Combine(options.Data, ReadyFile));
            return 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException or SocketException)
        {
            await error.WriteLineAsync($"strata-hub: {Sentence(problem, options)}");
            return problem is IOException io && SpaceExhaustedException.IsMeantBy(io) ? NoSpace : Failed;
        }
    }

    private static string Sentence(Exception problem, HubOptions options) => problem switch
    {
        { InnerException: AddressInUseException } => $"{problem.Message} Stop what listens there, or name another port; see --help.",
        SocketException => $"It cannot listen on {options.Bind}: {problem.Message}. Name an address of this machine with --bind, and ports that you may open.",
        IOException when File.Exists(options.Data) => $"--data {options.Data} is a file; name a folder.",
        UnauthorizedAccessException => $"{problem.Message} Name a folder with --data that you may write to.",
        _ => problem.Message,
    };

    private const string ReadyFile = "hub.json";

    /// <summary>A hub with all its routes, not started.</summary>
    internal static WebApplication Build(HubOptions options, HubTrust trust, HubWriter writer, IBlobs blobs, HubFiles files, DoomedBlobs doomed, CatalogueIndex index)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var doors = new Doors(options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => doors.Open(server, trust.Server));
        builder.Logging.ClearProviders().AddSimpleConsole(o => (o.SingleLine, o.ColorBehavior, o.TimestampFormat) = (true, LoggerColorBehavior.Disabled, "HH:mm:ss.fff "))
            .Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // A failed start is told in one sentence when RunAsync throws it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.Services
            .AddSingleton(options).AddSingleton(trust).AddSingleton(writer).AddSingleton(doors).AddSingleton(TimeProvider.System)
            .AddSingleton(blobs).AddSingleton(files)
            .AddSingleton(new ReleaseSigner(trust.Release, TimeProvider.System))
            .AddSingleton(new BlobAddresses(Path.Combine(options.Data, "blob-addresses.key"), doors, TimeProvider.System))
            .AddSingleton<Redeployer>()
            .AddSingleton<UnitAnswers>().AddSingleton<UnitCheck>().AddSingleton<UnitTokens>().AddSingleton<UnitGateway>()
            .AddSingleton<BundleEvents>().AddSingleton<LiveReaders>().AddSingleton<BundleQueue>().AddSingleton<UploadRoom>().AddSingleton<BundleInbox>().AddSingleton<PartialUploads>().AddSingleton<UploadEndpoints>().AddSingleton<BundlePublisher>()
            .AddSingleton<PublishingWorker>()
            .AddSingleton(new GarbageCollector(writer, blobs, doomed, options.GarbageGrace)).AddSingleton<GarbageEndpoint>()
            .AddSingleton<CallerCheck>().AddSingleton<HeavyReads>().AddSingleton<UserEndpoints>().AddSingleton<InvitationEndpoints>().AddSingleton<AuditEndpoints>().AddSingleton<EnrolmentEndpoint>()
            .AddSingleton(index).AddSingleton<ICatalogueIndex>(index).AddSingleton<LayerContents>().AddHostedService<CatalogueIndexer>()
            .AddSingleton<LayerViews>().AddSingleton<SharedSizes>().AddSingleton<LayerCatalogue>().AddSingleton<UnitViews>()
            .AddSingleton<LayerContentEndpoints>().AddSingleton<LayerRelationEndpoints>().AddSingleton<SearchEndpoint>()
            .AddSingleton<LayerCare>().AddSingleton<LayerCareEndpoints>()
            .AddSingleton<LayerEndpoints>().AddSingleton<ServiceEndpoints>().AddSingleton<UnitEndpoints>().AddSingleton<SubjectEndpoints>().AddSingleton<UnitModelEndpoints>()
            .AddSingleton<TargetIntake>().AddSingleton<TargetViews>().AddSingleton<TargetEndpoints>().AddSingleton<BundleEndpoints>()
            .ConfigureHttpJsonOptions(ApiSchemas.Configure).AddOpenApi(ApiDocument.Name, ApiDocument.Configure).AddSingleton<ApiDocument>().AddSingleton<IApiDescriptionProvider, ApiBodies>().AddSingleton<ApiReference>()
            .AddSingleton<PortalSessions>().AddSingleton<PortalAssets>().AddSingleton<PageRenderer>().AddSingleton<SignInLink>().AddSingleton<SignInPages>().AddSingleton<CertificateSignIn>().AddSingleton<OpenIdSignIn>()
            .AddHttpContextAccessor().AddSingleton<Comparisons>().AddSingleton<CataloguePages>().AddSingleton<LayerCarePages>().AddSingleton<BundlePages>().AddSingleton<ServicePages>().AddSingleton<AccessPages>().AddSingleton<UnitPages>().AddSingleton<SubjectPages>().AddSingleton<PortalEndpoints>();

        if (options.IsFollower) builder.Services.AddHostedService<FollowWorker>();
        else
            builder.Services.AddHostedService(services => services.GetRequiredService<Redeployer>()).AddHostedService(services => services.GetRequiredService<PublishingWorker>())
                .AddHostedService<GarbageWorker>().AddHostedService<FleetWorker>();

        var app = builder.Build();
        if (options.IsFollower) app.Use(Doors.GuardFollower);
        app.UseRouting();
        app.UseWebSockets();
        app.Use(Doors.Guard);
        Map(app, app.Services, doors);
        app.UseEndpoints(_ => { }); // from here on the API's description finds them, also before the start
        return app;
    }

    private static void Map(WebApplication app, IServiceProvider services, Doors doors)
    {
        DiscoveryEndpoint.Map(app, services.GetRequiredService<UnitCheck>(), services.GetRequiredService<UnitTokens>(), doors);
        services.GetRequiredService<UnitGateway>().Map(app);
        BlobEndpoints.Map(app, services.GetRequiredService<BlobAddresses>(), services.GetRequiredService<IBlobs>());
        var api = new ApiRoutes(app, services.GetRequiredService<CallerCheck>(), services.GetRequiredService<HeavyReads>());
        services.GetRequiredService<UserEndpoints>().Map(api);
        services.GetRequiredService<InvitationEndpoints>().Map(api);
        services.GetRequiredService<AuditEndpoints>().Map(api);
        services.GetRequiredService<EnrolmentEndpoint>().Map(api);
        services.GetRequiredService<LayerEndpoints>().Map(api);
        services.GetRequiredService<LayerContentEndpoints>().Map(api);
        services.GetRequiredService<LayerRelationEndpoints>().Map(api);
        services.GetRequiredService<SearchEndpoint>().Map(api);
        services.GetRequiredService<LayerCareEndpoints>().Map(api);
        services.GetRequiredService<ServiceEndpoints>().Map(api);
        services.GetRequiredService<UnitEndpoints>().Map(api);
        services.GetRequiredService<UnitModelEndpoints>().Map(api);
        services.GetRequiredService<SubjectEndpoints>().Map(api);
        services.GetRequiredService<TargetEndpoints>().Map(api);
        services.GetRequiredService<BundleEndpoints>().Map(api);
        services.GetRequiredService<UploadEndpoints>().Map(api);
        services.GetRequiredService<GarbageEndpoint>().Map(api);
        services.GetRequiredService<ApiReference>().Map(api);
        services.GetRequiredService<PortalEndpoints>().Map(app);
    }

    private static void Announce(HubOptions options, IServiceProvider services, TextWriter output)
    {
        var doors = services.GetRequiredService<Doors>();
        var portal = doors.Address(Listener.Portal);
        var ready = new HubReady(
            Environment.ProcessId,
            doors.Address(Listener.Api).ToString(),
            new Uri(doors.Address(Listener.Units), "sd/v7/").ToString(),
            doors.Address(Listener.Blobs).ToString(),
            portal.ToString(),
            new Uri(doors.Address(Listener.PortalCertificate), "certificate").ToString(),
            new Uri(portal, $"sign-in?token={services.GetRequiredService<SignInLink>().Token}").ToString());
        var json = JsonSerializer.SerializeToUtf8Bytes(ready, ReadyJson.Default.HubReady);
        SecretFile.Write(Path.Combine(options.Data, ReadyFile), json);
        output.WriteLine(JsonSerializer.Serialize(ready, ReadyJson.Default.HubReady));
        output.Flush();
    }
}
