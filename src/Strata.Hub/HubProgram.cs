using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Console;
using Strata.Hub.Deploying;
using Strata.Hub.Listeners;
using Strata.Hub.Persistence;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Hub.Units;
using Strata.Store;

namespace Strata.Hub;

/// <summary>What a hub says when it is ready: on standard output and in <c>hub.json</c>.</summary>
internal sealed record HubReady(int Pid, string Api, string Discovery, string Blobs, string Portal, string SignIn);

/// <summary>JSON of the ready line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HubReady))]
internal sealed partial class ReadyJson : JsonSerializerContext;

/// <summary>Puts a hub together and runs it.</summary>
internal static class HubProgram
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs until SIGTERM or Ctrl-C.</summary>
    /// <returns>0; 2 when it cannot start as it was asked to.</returns>
    public static async Task<int> RunAsync(HubOptions options, HubTrust trust, TextWriter output, TextWriter error)
    {
        try
        {
            using var held = StoreLock.Acquire(options.Data);
            using var log = SqliteChangeLog.Open(Path.Combine(options.Data, "hub.db"));
            using var writer = new HubWriter(log);
            writer.Load();
            await using var app = Build(options, trust, writer);
            app.Lifetime.ApplicationStarted.Register(() => Announce(options, app.Services, output));
            await app.RunAsync();
            File.Delete(Path.Combine(options.Data, ReadyFile));
            return 0;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"strata-hub: {problem.Message}");
            return 2;
        }
    }

    private const string ReadyFile = "hub.json";

    private static WebApplication Build(HubOptions options, HubTrust trust, HubWriter writer)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var doors = new Doors(options);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(server => doors.Open(server, trust.Server));
        builder.Logging.ClearProviders().AddSimpleConsole(o => (o.SingleLine, o.ColorBehavior, o.TimestampFormat) = (true, LoggerColorBehavior.Disabled, "HH:mm:ss.fff "))
            .Services.Configure<ConsoleLoggerOptions>(o => o.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopTimeout);
        builder.Services
            .AddSingleton(options).AddSingleton(trust).AddSingleton(writer).AddSingleton(doors).AddSingleton(TimeProvider.System)
            .AddSingleton(new BlobStore(options.Data))
            .AddSingleton(new ReleaseSigner(trust.Release, TimeProvider.System))
            .AddSingleton(new BlobAddresses(Path.Combine(options.Data, "blob-addresses.key"), doors, TimeProvider.System))
            .AddSingleton<Redeployer>().AddHostedService(services => services.GetRequiredService<Redeployer>())
            .AddSingleton<UnitAnswers>().AddSingleton<UnitCheck>().AddSingleton<UnitTokens>().AddSingleton<UnitGateway>();

        var app = builder.Build();
        app.UseWebSockets();
        app.Use(Doors.Guard);
        DiscoveryEndpoint.Map(app, app.Services.GetRequiredService<UnitCheck>(), app.Services.GetRequiredService<UnitTokens>(), doors);
        app.Services.GetRequiredService<UnitGateway>().Map(app);
        BlobEndpoints.Map(app, app.Services.GetRequiredService<BlobAddresses>(), app.Services.GetRequiredService<BlobStore>());
        return app;
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
            "");
        var json = JsonSerializer.SerializeToUtf8Bytes(ready, ReadyJson.Default.HubReady);
        SecretFile.Write(Path.Combine(options.Data, ReadyFile), json);
        output.WriteLine(JsonSerializer.Serialize(ready, ReadyJson.Default.HubReady));
        output.Flush();
    }
}
