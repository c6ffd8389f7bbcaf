using Strata.Artifacts.Protocol;
using Strata.Hub.State;

namespace Strata.Hub.Units;

/// <summary>What a unit's message may hold; one that is over a limit is dropped whole, as AosCore itself does.</summary>
/// <remarks>Source: facts on protocol v7, "Common pieces", "Limits".</remarks>
internal static class MessageLimits
{
    private const int LongestId = 64;
    private const int LongestVersion = 32;
    private const int LongestError = 1024;
    private const int LongestDigest = 136;
    private const int MostItems = 128; // 64 wanted, and as many that are on their way out
    private const int MostInstances = 512;
    private const int MostNodes = 16;
    private const int MostDigests = 16;

    /// <summary>What is over a limit; null when nothing is.</summary>
    public static string? Broken(Message message) => message switch
    {
        UnitStatus status => Broken(status),
        RequestBlobUrls { Digests.Length: > MostDigests } request => $"{request.Digests.Length} digests are asked for at once; {MostDigests} are the most",
        RequestBlobUrls request when request.Digests.Any(d => d.Length > LongestDigest) => "a digest is longer than 136 characters",
        RequestBlobUrls { CorrelationId.Length: > LongestId } => "the correlation id is longer than 64 characters",
        _ => null,
    };

    /// <summary>Whether a report, folded from several messages that were each in bounds, has grown out of them.</summary>
    public static bool IsTooMuch(UnitReport report) => report.Items.Count > MostItems || report.Instances.Count > MostInstances;

    private static string? Broken(UnitStatus status)
    {
        if (status.Items?.Length > MostItems) return $"it holds {status.Items.Length} items; {MostItems} are the most";
        if (status.Instances?.Sum(i => i.Instances.Length) > MostInstances) return $"it holds more than {MostInstances} instances";
        if (status.Nodes?.Length > MostNodes) return $"it holds {status.Nodes.Length} nodes; {MostNodes} are the most";
        var identities = (status.Items ?? []).Select(i => i.Item)
            .Concat((status.Instances ?? []).SelectMany(i => new[] { i.Item, i.Subject }))
            .Concat((status.Nodes ?? []).Select(n => n.Identity));
        if (identities.Any(i => i.Id?.Length > LongestId || i.Codename?.Length > LongestId)) return "an id or codename is longer than 64 characters";
        var errors = (status.Items ?? []).Select(i => i.ErrorInfo).Concat((status.Instances ?? []).SelectMany(i => i.Instances).Select(i => i.ErrorInfo));
        if (errors.Any(e => e?.Message?.Length > LongestError)) return $"an error message is longer than {LongestError} characters";
        var states = (status.Items ?? []).Select(i => i.State).Concat((status.Instances ?? []).SelectMany(i => i.Instances).Select(i => i.State));
        if (states.Any(s => s.Length > LongestId)) return "a state is longer than 64 characters";
        var versions = (status.Items ?? []).Select(i => i.Version).Concat((status.Instances ?? []).Select(i => i.Version));
        return versions.Any(v => v.Length > LongestVersion) ? "a version is longer than 32 characters" : null;
    }
}
