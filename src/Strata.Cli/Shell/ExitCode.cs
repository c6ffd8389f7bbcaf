namespace Strata.Cli.Shell;

/// <summary>What a script may rely on. Listed in docs/cli.md; changing one is a breaking change.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Ok = 0,

    /// <summary>Something went wrong that none of the other codes names; also what the vendor's signer gives for every failure.</summary>
    Failed = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>The input was read and refused: a bad recipe or bundle, an unknown package, a signature that does not hold, needs that nothing satisfies.</summary>
    Refused = 3,

    /// <summary>Something that has to be there was not reached: the hub, the package feed.</summary>
    Unavailable = 4,

    /// <summary>No space is left, or a file cannot be written.</summary>
    NoSpace = 5,

    /// <summary>Stopped by Ctrl-C or SIGTERM; nothing half-written was left.</summary>
    Cancelled = 130,

    /// <summary>A defect of Strata itself; the message says where.</summary>
    Bug = 70,
}
