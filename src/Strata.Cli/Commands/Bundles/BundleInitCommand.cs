using System.CommandLine;
using System.Text;
using Strata.Artifacts.Bundles;
using Strata.Artifacts.Yaml;
using Strata.Cli.Commands.Layers;
using Strata.Cli.Shell;
using Strata.Model.Bundles;

namespace Strata.Cli.Commands.Bundles;

/// <summary><c>strata bundle init</c>: a first config.yaml, from a build's folder, from options, or by asking.</summary>
internal static class BundleInitCommand
{
    private static readonly Argument<string?> Build = new("build") { Description = "A folder of built layers; everything is filled in from it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Config = new("--config") { Description = "The file to write. Default: config.yaml in the build's folder, else in the current one." };
    private static readonly Option<string?> Type = new("--type") { Description = "layer or service." };
    private static readonly Option<string?> Codename = new("--codename") { Description = "The item's name inside its owner." };
    private static readonly Option<string?> Version = new("--version") { Description = "The item's version, such as 1.0.0." };
    private static readonly Option<string[]> Images = new("--image") { Description = "ARCH=PATH for each architecture: an archive of a layer, a folder of a service. May be given again." };
    private static readonly Option<string?> Company = new("--company") { Description = "Who publishes it, for people." };
    private static readonly Option<string?> TlsKey = new("--tls-key") { Description = "publish.tlsKey. Default: aos-user-oem.p12 for layers, aos-user-sp.p12 for services." };
    private static readonly Option<string?> Domain = new("--domain") { Description = "publish.domain, the hub's host. Default: the one in the certificate." };

    public static Command Create() => new Command("init", "Write a first config.yaml; what is not given is asked for on a terminal. Nothing is overwritten.")
    {
        Build, Config, Type, Codename, Version, Images, Company, TlsKey, Domain,
    }.Runs("strata bundle init --type layer --codename pylibs --version 1.0.0 --image amd64=pylibs/linux-amd64-1.0.0.tar.gz", async (parsed, terminal, _) =>
    {
        var build = parsed.GetValue(Build);
        if (build is not null && !Directory.Exists(build)) throw new CommandFailure(ExitCode.Usage, $"There is no folder '{build}'; name the one that layers were built into.");
        var file = Path.GetFullPath(parsed.GetValue(Config) ?? Path.Combine(build ?? ".", BundleFormat.Config));
        if (Path.Exists(file)) throw new CommandFailure(ExitCode.Refused, $"{file} is there already and was left as it is. Check it with strata bundle validate, or name another with --config.");
        var answers = new BundleAnswers(parsed, terminal);
        var items = build is not null
            ? await BuildFailures.GuardAsync(() => Task.FromResult(BuiltLayers.Items(build, Path.GetDirectoryName(file)!)))
            : [answers.Item(Type, Codename, Version, Images)];
        var config = new BundleConfig([.. items])
        {
            Company = parsed.GetValue(Company),
            Domain = parsed.GetValue(Domain),
            TlsKey = parsed.GetValue(TlsKey) ?? (items[0].Type == ItemType.Layer ? "aos-user-oem.p12" : "aos-user-sp.p12"),
        };
        var text = BundleStarter.Text(config);
        if (BundleConfigReader.Read(text, Path.GetFileName(file)) is Reading<BundleConfig>.Bad bad)
            throw new CommandFailure(ExitCode.Refused, $"With what was given no bundle can be made:\n  {string.Join("\n  ", bad.Mistakes.Select(m => m.Message))}");
        Write(file, text);
        terminal.Result(new(file, [.. items.Select(i => new UploadedItem(BundleNames.Of(i.Type), i.Codename, i.Version.ToString()))]), BundleJson.Default.BundleStarted, output =>
        {
            output.WriteLine(file);
            output.WriteLine($"Check it with: strata bundle validate --config {Path.GetRelativePath(Directory.GetCurrentDirectory(), file)}");
        });
        return ExitCode.Ok;
    });

    private static void Write(string file, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var schema = Path.Combine(Path.GetDirectoryName(file)!, BundleStarter.Schema);
            if (!Path.Exists(schema))
            {
                using var published = typeof(BundleInitCommand).Assembly.GetManifestResourceStream(BundleStarter.Schema)!;
                using var copy = new FileStream(schema, FileMode.CreateNew);
                published.CopyTo(copy);
            }
            using var stream = new FileStream(file, FileMode.CreateNew);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.NoSpace, $"{file} could not be written: {problem.Message}");
        }
    }
}

/// <summary>Result of writing a first configuration.</summary>
internal sealed record BundleStarted(string File, UploadedItem[] Items);
