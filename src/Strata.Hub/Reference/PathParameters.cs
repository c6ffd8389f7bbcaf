namespace Strata.Hub.Reference;

/// <summary>What the parameters in paths mean: the same name after the same word means the same everywhere.</summary>
internal static class PathParameters
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["users/{name}"] = "A certificate's serial number or key id; to revoke, also a user's name for all its certificates.",
        ["user-invitations/{id}"] = "The invitation's UUID.",
        ["layers/{name}"] = "UUID, codename or alias: of the caller's own first, then of any owner whose layers it may read.",
        ["aliases/{alias}"] = "A further name of the layer.",
        ["sharing/{provider}"] = "Domain of the service provider.",
        ["versions/{version}"] = "A version by SemVer.",
        ["versions/{id}"] = "The version's UUID.",
        ["services/{name}"] = "UUID or codename; a codename that several owners have is refused with 409.",
        ["units/{name}"] = "System id or UUID.",
        ["unit-models/{name}"] = "UUID or name.",
        ["subjects/{id}"] = "The subject's UUID.",
        ["targets/{name}"] = "UUID or name: of the caller's own first, then of any owner that shares it.",
        ["documents/{document}"] = "Name of a document, out of those that the version or the target says it has.",
        ["deployment-bundles/{id}"] = "The bundle's UUID.",
        ["uploads/{id}"] = "The upload's UUID: the last part of the Location that began it.",
    };

    /// <summary>What the parameter <paramref name="segment"/>, with its braces, means behind <paramref name="before"/>.</summary>
    /// <exception cref="KeyNotFoundException">It has no words here: give it some.</exception>
    public static string Meaning(string before, string segment) => Meanings[$"{before}/{segment}"];
}
