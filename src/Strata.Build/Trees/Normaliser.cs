using System.IO.Enumeration;

namespace Strata.Build.Trees;

/// <summary>One line of the published list.</summary>
/// <param name="Pattern">A path in which <c>*</c> stands for any characters of one name; <c>/**</c> at its end for all that is in a directory, which itself stays.</param>
/// <param name="Reason">Why a layer is better without it.</param>
public sealed record NormaliseRule(string Pattern, string Reason)
{
    private readonly string? _within = Pattern.EndsWith("/**", StringComparison.Ordinal) ? Pattern[..^2] : null;
    private readonly string _above = TreeOrder.Above(Pattern);
    private readonly string _name = Pattern[(Pattern.LastIndexOf('/') + 1)..];

    /// <summary>Whether <paramref name="path"/> is meant.</summary>
    public bool Covers(string path)
    {
        if (_within is not null) return path.StartsWith(_within, StringComparison.Ordinal);
        var slash = Math.Max(0, path.LastIndexOf('/'));
        return path.AsSpan(0, slash).SequenceEqual(_above)
            && FileSystemName.MatchesSimpleExpression(_name, path.AsSpan(slash == 0 ? 0 : slash + 1), ignoreCase: false);
    }
}

/// <summary>Takes out of a tree what differs from build to build and says nothing about its content. Pure: the directory itself is not touched.</summary>
/// <remarks>Applied to parent and child alike, so that what is taken out becomes no deletion. The list is published in docs/formats/normalise.md.</remarks>
public static class Normaliser
{
    /// <summary>The published list.</summary>
    public static IReadOnlyList<NormaliseRule> Rules { get; } =
    [
        new("dev/**", "device nodes; the unit brings its own"),
        new("proc/**", "the kernel's, at run time"),
        new("sys/**", "the kernel's, at run time"),
        new("run/**", "state of the machine that built it"),
        new("tmp/**", "scratch files"),
        new("var/tmp/**", "scratch files"),
        new("var/log/**", "logs of the build"),
        new("var/cache/**", "caches that are made anew"),
        new("var/lib/apt/lists/**", "package lists of the feed at that hour"),
        new("etc/ld.so.cache", "cache of the linker; each sibling layer would overwrite the other's"),
        new("etc/machine-id", "identity of one machine"),
        new("var/lib/dbus/machine-id", "identity of one machine"),
        new("var/lib/systemd/random-seed", "secret of one machine"),
        new("etc/.pwd.lock", "lock"),
        new("var/lib/dpkg/lock", "lock"),
        new("var/lib/dpkg/lock-frontend", "lock"),
        new("var/lib/dpkg/triggers/Lock", "lock"),
        new("var/lib/dpkg/*-old", "copy of the state before the last package"),
        new("etc/passwd-", "copy of the state before the last change"),
        new("etc/group-", "copy of the state before the last change"),
        new("etc/shadow-", "copy of the state before the last change"),
        new("etc/gshadow-", "copy of the state before the last change"),
        new("etc/subuid-", "copy of the state before the last change"),
        new("etc/subgid-", "copy of the state before the last change"),
    ];

    /// <summary>The tree without what the list names.</summary>
    public static Tree Apply(Tree tree) => tree with { Entries = [.. tree.Entries.Where(entry => !Rules.Any(rule => rule.Covers(entry.Path)))] };

    /// <summary>The tree with every time after <paramref name="latest"/>, in seconds since 1970, set to it.</summary>
    public static Tree Clamp(Tree tree, long latest) => tree with
    {
        Entries = [.. tree.Entries.Select(entry => entry.Status.ModifiedAt <= latest ? entry : entry with { Status = entry.Status with { ModifiedAt = latest } })],
    };
}
