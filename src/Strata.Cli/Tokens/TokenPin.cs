using Strata.Artifacts.Signing;
using Strata.Cli.Shell;

namespace Strata.Cli.Tokens;

/// <summary>Where a token's PIN comes from: the file that the URI names, the environment, or the person at the terminal.</summary>
internal static class TokenPin
{
    /// <summary>The environment variable.</summary>
    public const string Variable = "STRATA_TOKEN_PIN";

    private const int Longest = 256;
    private static readonly Dictionary<string, string> Asked = new(StringComparer.Ordinal);
    private static string? _environment;

    /// <summary>Reads the environment; called once, by Program.</summary>
    public static void Read(Func<string, string?> variable) => _environment = variable(Variable) is { Length: > 0 } pin ? pin : null;

    /// <summary>The PIN that was given; null when none was.</summary>
    /// <exception cref="CommandFailure">The file that should hold it does not.</exception>
    public static string? Given(Pkcs11Uri uri) =>
        uri.PinFile is { } file ? FromFile(file) : _environment ?? Asked.GetValueOrDefault(uri.Token);

    /// <summary>Asks on the terminal, once for each token; null when there is none.</summary>
    public static string? Ask(Pkcs11Uri uri)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected) return null;
        Console.Error.Write($"PIN of the token ({uri.Token}): ");
        var pin = new System.Text.StringBuilder();
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) pin.Length = Math.Max(0, pin.Length - 1);
            else if (!char.IsControl(key.KeyChar) && pin.Length < Longest) pin.Append(key.KeyChar);
        }
        Console.Error.WriteLine();
        return pin.Length == 0 ? null : Asked[uri.Token] = pin.ToString();
    }

    private static string FromFile(string file)
    {
        try
        {
            if (new FileInfo(file).Length > Longest) throw new CommandFailure(ExitCode.Refused, $"{file}, which pin-source names, is too long for a PIN.");
            var pin = File.ReadAllText(file).TrimEnd('\r', '\n');
            return pin.Length > 0 && !pin.Contains('\n', StringComparison.Ordinal) ? pin : throw new CommandFailure(ExitCode.Refused, $"{file}, which pin-source names, holds no PIN: it must be one line.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Refused, $"The file that pin-source names cannot be read: {unreadable.Message}");
        }
    }
}
