using System.CommandLine;
using System.Text.Json;
using Strata.Cli.Shell;

namespace Strata.Cli.Commands.Demo;

/// <summary>Runs the commands that a person would type, in this process, and reads their results.</summary>
/// <param name="root">The whole command line.</param>
/// <param name="terminal">Where each command is shown before it runs, and where its progress goes.</param>
internal sealed class CommandRunner(RootCommand root, Terminal terminal)
{
    /// <summary>Runs one command with <c>--json</c>.</summary>
    /// <returns>Its result.</returns>
    /// <exception cref="CommandFailure">It was refused or failed, with its own sentence.</exception>
    public async Task<JsonElement> RunAsync(string[] arguments, CancellationToken cancellation)
    {
        using var output = new StringWriter();
        await InvokeAsync(arguments, ["--json"], output, cancellation);
        var text = output.ToString();
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Runs one command and shows what it says to people.</summary>
    /// <exception cref="CommandFailure">It was refused or failed, with its own sentence.</exception>
    public Task ShowAsync(string[] arguments, CancellationToken cancellation) => InvokeAsync(arguments, [], terminal.Error, cancellation);

    private async Task InvokeAsync(string[] arguments, string[] further, TextWriter output, CancellationToken cancellation)
    {
        terminal.Note($"$ strata {string.Join(' ', arguments.Select(Quoted))}");
        var parsed = root.Parse([.. arguments, .. further]);
        if (parsed.Errors.Count > 0) throw new CommandFailure(ExitCode.Bug, $"The demo called a command wrongly: {parsed.Errors[0].Message}");
        var code = (ExitCode)await parsed.InvokeAsync(
            new() { Output = output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (code != ExitCode.Ok) throw new CommandFailure(code, $"'strata {string.Join(' ', arguments)}' ended with code {(int)code}.");
    }

    private static string Quoted(string argument) =>
        argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@,+".Contains(c, StringComparison.Ordinal)) ? argument : $"'{argument}'";
}
