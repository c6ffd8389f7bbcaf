using System.CommandLine;
using Strata.Cli.Commands;
using Strata.Cli.Shell;
using Strata.Cli.Tokens;
using Strata.Model.Identity;

UserFolders.Read(Environment.GetEnvironmentVariable);
TokenPin.Read(Environment.GetEnvironmentVariable);

var root = CommandTree.Create();
try
{
    var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
    if (parsed.Errors.Count > 0)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine($"strata: {PrintableWriter.Clean(error.Message)}");
        var commands = parsed.CommandResult.Command.Subcommands.Select(c => c.Name).ToList();
        if (parsed.UnmatchedTokens.Count > 0 && NearestName.To(parsed.UnmatchedTokens[0], commands) is { } near)
            Console.Error.WriteLine($"Did you mean '{near}'?");
        Console.Error.WriteLine("Run the command with --help to see what it takes.");
        return (int)ExitCode.Usage;
    }
    if (parsed.Tokens.Any(t => t.Value.Length == 0))
    {
        Console.Error.WriteLine("strata: One of the arguments is empty; is a shell variable not set? Leave it out, or give its value.");
        return (int)ExitCode.Usage;
    }
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30), // what was begun is taken back, on a busy disk too
    });
}
catch (CommandFailure failure)
{
    Console.Error.WriteLine($"strata: {PrintableWriter.Clean(failure.Message)}");
    return (int)failure.Code;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("strata: stopped.");
    return (int)ExitCode.Cancelled;
}
catch (Exception unexpected)
{
    var failure = UnexpectedFailure.Of(unexpected);
    Console.Error.WriteLine($"strata: {PrintableWriter.Clean(failure.Message)}");
    return (int)failure.Code;
}
