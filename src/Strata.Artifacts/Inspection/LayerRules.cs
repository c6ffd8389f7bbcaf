namespace Strata.Artifacts.Inspection;

/// <summary>Everything that a layer's content is checked for. The list is published in docs/formats/checks.md.</summary>
public static class LayerRules
{
    /// <summary>A file capability.</summary>
    public static LayerRule Capabilities { get; } = new("capabilities", "the file gives whoever starts it a right of root; services run with none");

    /// <summary>A device node.</summary>
    public static LayerRule Device { get; } = new("device", "units refuse a layer with a device node; they bring their own");

    /// <summary>A shared object that nobody provides.</summary>
    public static LayerRule DanglingSoname { get; } = new("dangling-soname", "the program or library cannot be loaded: what it needs is in no layer beneath and not in what services see of the base");

    /// <summary>No files.</summary>
    public static LayerRule Empty { get; } = new("empty-layer", "units refuse a layer of 0 bytes, and one without files serves nobody");

    /// <summary>A symbolic link out of the root.</summary>
    public static LayerRule EscapingLink { get; } = new("escaping-link", "the link climbs above the root; what it finds there depends on who follows it");

    /// <summary>Machine code for another processor.</summary>
    public static LayerRule ForeignArchitecture { get; } = new("foreign-architecture", "the code does not run on the layer's platform");

    /// <summary>Symbolic links in a circle.</summary>
    public static LayerRule LoopingLink { get; } = new("looping-link", "the link leads back to itself, so opening it fails");

    /// <summary>A file that could not be looked into.</summary>
    public static LayerRule NotRead { get; } = new("not-read", "the file is damaged or beyond the limits, so what it brings is not listed");

    /// <summary>One file, two packages.</summary>
    public static LayerRule OwnedTwice { get; } = new("owned-twice", "which package the file is from depends on the order of installation");

    /// <summary>A set-user-id or set-group-id file.</summary>
    public static LayerRule Setuid { get; } = new("setuid", "whoever starts the file gets its owner's rights; services run with none");

    /// <summary>A file that anybody may write.</summary>
    public static LayerRule WorldWritable { get; } = new("world-writable", "any process of a service could change it, if the layer were ever mounted writable");

    /// <summary>The parent has other content.</summary>
    public static LayerRule WrongParent { get; } = new("wrong-parent", "the child is pinned to the content that it was built from; on another parent files may be missing or mixed");

    /// <summary>What the recipe says is not what the content says.</summary>
    public static LayerRule Mismatch { get; } = new("mismatch", "recipe or target say one thing and the content another; layer.json says what the content says");

    /// <summary>All of them, in ordinal order of name.</summary>
    public static IReadOnlyList<LayerRule> All { get; } =
    [
        Capabilities, DanglingSoname, Device, Empty, EscapingLink, ForeignArchitecture, LoopingLink, Mismatch, NotRead, OwnedTwice, Setuid, WorldWritable, WrongParent,
    ];
}
