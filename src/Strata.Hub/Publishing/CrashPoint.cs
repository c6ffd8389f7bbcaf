namespace Strata.Hub.Publishing;

/// <summary>Places where a sudden end must lose nothing and leave nothing half visible. Publishing passes through each (decision 15), and what comes after it, the index.</summary>
internal enum CrashPoint
{
    /// <summary>The upload is whole on the disk under its name, and the log does not know of it: nobody was answered yet.</summary>
    UploadKept,

    /// <summary>The log knows of the bundle; the answer may not have gone out.</summary>
    UploadLogged,

    /// <summary>The step's work is done and its mark is not in the log.</summary>
    BeforeVerified,

    /// <inheritdoc cref="BeforeVerified"/>
    BeforeUnpacked,

    /// <inheritdoc cref="BeforeVerified"/>
    BeforeChecked,

    /// <inheritdoc cref="BeforeVerified"/>
    BeforeDescribed,

    /// <summary>Every blob of the bundle is in the store, and the log names none of them.</summary>
    BeforeStored,

    /// <summary>All is stored and marked so; nothing is published.</summary>
    AfterStored,

    /// <summary>All is published; the uploaded file is still there.</summary>
    AfterVerdict,

    /// <summary>The catalogue index has all of a part of the log, in a transaction that is still open.</summary>
    BeforeIndexed,

    /// <summary>That transaction is closed, and nobody in the process knows of it yet.</summary>
    AfterIndexed,
}

/// <summary>Ends the process at a point, for tests of what a crash leaves: as the kernel or a power cut would, without a word.</summary>
internal static class CrashPoints
{
    /// <summary>Environment variable that names the point.</summary>
    public const string Variable = "STRATA_CRASH_AT";

    private static CrashPoint? _armed;

    /// <summary>Arms a point once, at start.</summary>
    /// <returns>False when there is no such point.</returns>
    public static bool Arm(string name)
    {
        if (!Enum.TryParse<CrashPoint>(name, out var point) || !Enum.IsDefined(point)) return false;
        _armed = point;
        return true;
    }

    /// <summary>Passes through <paramref name="point"/>.</summary>
    public static void Pass(CrashPoint point)
    {
        if (_armed != point) return;
        System.Diagnostics.Process.GetCurrentProcess().Kill(); // SIGKILL
        Thread.Sleep(Timeout.Infinite);
    }
}
