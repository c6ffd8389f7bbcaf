using System.CommandLine;

namespace Strata.Cli.Shell;

/// <summary>Turns a command's body into what the parser runs: terminal, cancellation, exit code.</summary>
internal static class CommandShell
{
    /// <summary>On every command: results as one JSON document on standard output.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Write the result as one JSON document on standard output.", Recursive = true };

    /// <summary>Gives <paramref name="command"/> its body and, in its help, an example.</summary>
    /// <param name="example">One line that can be pasted.</param>
    /// <param name="body">Does the work; returns the exit code or throws <see cref="CommandFailure"/>.</param>
    public static Command Runs(this Command command, string example, Func<ParseResult, Terminal, CancellationToken, Task<ExitCode>> body)
    {
        HelpWithExample.Examples[command] = example;
        command.SetAction(async (parsed, cancellation) =>
        {
            // Ctrl-C is listened for only once the action has given back its task; until then it would end the process at once.
            await Task.Yield();
            // The writers come from the invocation, so that the demo can run commands and read their results.
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var terminal = new Terminal(output, error, ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected) { Json = parsed.GetValue(Json) };
            return (int)await body(parsed, terminal, cancellation);
        });
        return command;
    }
}
