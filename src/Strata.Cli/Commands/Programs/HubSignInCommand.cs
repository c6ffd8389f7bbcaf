using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Cli.Commands.Demo;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Programs;

/// <summary>A link that signs in to a hub's portal as its admin.</summary>
/// <param name="Link">Good once.</param>
/// <param name="EndsAt">From then on it is good for nothing.</param>
internal sealed record SignInLink(string Link, DateTimeOffset EndsAt);

/// <summary>JSON of the link.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SignInLink))]
internal sealed partial class SignInJson : JsonSerializerContext;

/// <summary><c>strata hub sign-in</c>: lays a one-time link into the hub's data folder. Whoever may do that holds the hub; nothing else is asked.</summary>
/// <remarks>The hub does not have to be told: it looks there when the link is opened. docs/hub.md says what has to lie there.</remarks>
internal static class HubSignInCommand
{
    private const string Folder = "sign-in", ReadyFile = "hub.json";
    private const int TokenBytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        var data = new Option<string>("--data") { Description = "Folder of the running hub.", Required = true };
        return new Command("sign-in", "Make a link that signs in to a running hub's portal as its admin: once, within ten minutes.") { data }
            .Runs("strata hub sign-in --data hub", (parsed, terminal, _) =>
            {
                var made = Make(Path.GetFullPath(parsed.GetRequiredValue(data)), TimeProvider.System);
                terminal.Result(made, SignInJson.Default.SignInLink, text =>
                {
                    text.WriteLine(made.Link);
                    text.WriteLine($"It is good once, until {made.EndsAt.UtcDateTime:u}.");
                });
                return Task.FromResult(ExitCode.Ok);
            });
    }

    /// <summary>Makes a link to the hub whose data folder is <paramref name="data"/>.</summary>
    internal static SignInLink Make(string data, TimeProvider clock)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        try
        {
            if (JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(data, ReadyFile)), HubAddressJson.Default.HubAddress) is not { } hub)
                throw new CommandFailure(ExitCode.Refused, $"{Path.Combine(data, ReadyFile)} does not say where the hub is.");
            var file = Path.Combine(data, Folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
            using (new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite })) { }
            return new(new Uri(new(hub.Portal), $"sign-in?token={token}").ToString(), clock.GetUtcNow() + Lifetime);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CommandFailure(ExitCode.Unavailable, $"No hub runs on {data}: it holds no {ReadyFile}. Name the folder of --data that the hub was started with, or start it.");
        }
        catch (Exception wrong) when (wrong is JsonException or UriFormatException)
        {
            throw new CommandFailure(ExitCode.Refused, $"{Path.Combine(data, ReadyFile)} cannot be read: {wrong.Message}");
        }
        catch (UnauthorizedAccessException forbidden)
        {
            throw new CommandFailure(ExitCode.Refused, $"{forbidden.Message} Run it as the user that the hub runs as.");
        }
    }
}
