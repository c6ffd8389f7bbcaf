using Strata.Artifacts.Yaml;
using Strata.Build.Feeds;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>What layers are built for: a base root file system, its platform, and where packages come from. One file, <c>target.yaml</c>.</summary>
/// <remarks>Source: docs/formats/target.md; the seed's "target system SDK".</remarks>
public sealed record Target
{
    /// <summary>The file it was read from.</summary>
    public required string File { get; init; }

    /// <summary>The target's name.</summary>
    public required string Name { get; init; }

    /// <summary>The base in any <see cref="BaseForm"/>. Full path.</summary>
    public required string RootFs { get; init; }

    /// <summary>Which image of an OCI layout is meant, by its name there; null when one alone fits, and for every other form.</summary>
    public string? Image { get; init; }

    /// <summary>What the base's identity has to be; null when the file names none.</summary>
    public Digest? Identity { get; init; }

    /// <summary>What it runs on; the base's OS version and features are in it.</summary>
    public required Platform Platform { get; init; }

    /// <summary>Where packages come from: all of one format and one mode. Empty when the target names no feed.</summary>
    public EquatableList<PackageFeed> Feeds { get; init; } = [];

    /// <summary>Top folders of the base that services see.</summary>
    public EquatableList<string> Visible { get; init; } = DefaultVisible;

    /// <summary>What the feed calls a package that recipes call otherwise.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>The file itself says what services see; else it is <see cref="DefaultVisible"/>, as far as the base has it.</summary>
    public bool StatesVisible => Marks.ContainsKey("visible");

    /// <summary>Where in the file the values stand, by their keys.</summary>
    public IReadOnlyDictionary<string, YamlMark> Marks { get; init; } = new Dictionary<string, YamlMark>();

    /// <summary>Where the value of a key stands; the start of the file when it is not written.</summary>
    public YamlMark MarkOf(string key) => Marks.TryGetValue(key, out var mark) ? mark : new(1, 1);

    /// <summary>What AosCore shows services of its host. Source: facts of the device software, "visible folders".</summary>
    public static EquatableList<string> DefaultVisible { get; } = ["bin", "sbin", "lib", "lib64", "usr"];
}
