using Strata.Agent.Reporting;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Store;

namespace Strata.Agent.Obtaining;

/// <summary>An item cannot be had as it was announced: not signed, not understood, not for this unit.</summary>
/// <param name="aosCode">See <see cref="AosCodes"/>.</param>
internal sealed class ItemRefusedException(string message, int aosCode) : IOException(message)
{
    /// <summary>See <see cref="AosCodes"/>.</summary>
    public int AosCode { get; } = aosCode;

    /// <summary>What is reported of any trouble that obtaining an item ends in.</summary>
    public static Failure ToFailure(IOException trouble) => trouble switch
    {
        ItemRefusedException refused => new(refused.Message, refused.AosCode),
        ContentMismatchException or ArchiveRefusedException => new(trouble.Message, AosCodes.InvalidChecksum),
        SpaceExhaustedException => new(trouble.Message, AosCodes.NoMemory),
        _ => new(trouble.Message),
    };
}
