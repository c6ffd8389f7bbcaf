namespace Strata.Cli.Shell;

/// <summary>Ends a command with a sentence for its user.</summary>
/// <param name="code">What the process exits with.</param>
/// <param name="message">What is wrong, where, and what would cure it; several lines when there are several mistakes.</param>
internal sealed class CommandFailure(ExitCode code, string message) : Exception(message)
{
    /// <summary>What the process exits with.</summary>
    public ExitCode Code { get; } = code;
}
