using Strata.Model.Catalogues;

namespace Strata.Hub.Catalogues;

/// <summary>Which layers of a list are wanted. A layer fits when one of its versions meets platform and state together, and the rest holds.</summary>
internal sealed record LayerFilter
{
    /// <summary>Stands in the codename, an alias, the title or the id, in any case; empty for all.</summary>
    public string Text { get; init; } = "";

    /// <summary>Domain of the owner; null for all.</summary>
    public string? Owner { get; init; }

    /// <summary>A platform's text, <c>linux/arm64</c>, or its architecture alone; null for all.</summary>
    public string? Platform { get; init; }

    /// <summary>State of a version; null for all.</summary>
    public ReleaseState? State { get; init; }

    /// <summary>An OS feature of the newest version that meets platform and state; null for all.</summary>
    public string? Feature { get; init; }

    /// <summary>Whether a service has some version on a unit; null for both.</summary>
    public bool? IsUsed { get; init; }

    /// <summary>Whether every layer that has the text in its names fits.</summary>
    public bool IsOfNames => this == new LayerFilter { Text = Text };

    /// <summary>The newest version that meets platform and state; null when none does, or the layer is another owner's.</summary>
    public LayerRelease? NewestOf(Layer layer)
    {
        if (Owner is not null && layer.Key.Owner != Owner) return null;
        foreach (var release in layer.Releases.AsSpan())
            if ((State is not { } state || release.Lifecycle.State == state) && (Platform is null || release.Images.Any(Meets))) return release;
        return null;
    }

    private bool Meets(LayerImage image) => image.Platform.Architecture == Platform || image.Platform.ToString() == Platform;
}
