using System.Security.Cryptography;
using Strata.Cli.Tokens;
using Strata.Store;

namespace Strata.Cli.Shell;

/// <summary>What the outermost loop makes of an exception that no command foresaw.</summary>
internal static class UnexpectedFailure
{
    private const int NoSpaceLeft = 28; // ENOSPC; the framework keeps errno in the low half of HResult

    private const int AlreadyThere = 17; // EEXIST

    /// <summary>A sentence and an exit code: a fault of the disk as such, everything else as a defect of ours with its place.</summary>
    public static CommandFailure Of(Exception exception) => exception switch
    {
        SpaceExhaustedException full => new(ExitCode.NoSpace, full.Message),
        IOException { HResult: var result } full when (result & 0xFFFF) == NoSpaceLeft =>
            new(ExitCode.NoSpace, $"No space is left: {full.Message} Free some, or give another folder."),
        UnauthorizedAccessException denied => new(ExitCode.Failed, $"{denied.Message} Run as root, or give a folder that you may write to."),
        IOException { HResult: AlreadyThere } there => new(ExitCode.Failed, $"{there.Message} Move it away, or name another place."),
        DirectoryNotFoundException missing => new(ExitCode.Failed, $"{missing.Message} A folder above it is missing, or is a file; make it, or name another place."),
        IOException io => new(ExitCode.Failed, io.Message),
        CryptographicException refused when TokenEngine.IsInUse =>
            new(ExitCode.Failed, $"The token did not do what was asked: {refused.Message} Is it still there, and may the key sign?"),
        _ => new(ExitCode.Bug, $"This is a defect of Strata; please report it with these lines.\n{exception}"),
    };
}
