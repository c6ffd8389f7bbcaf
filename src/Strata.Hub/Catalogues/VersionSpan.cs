using Strata.Model.Identity;

namespace Strata.Hub.Catalogues;

/// <summary>Versions of a layer that were published one after another and all hold something.</summary>
/// <param name="First">The one that was published first.</param>
/// <param name="Last">The one that was published last; equal to the first when it is the only one.</param>
/// <param name="IsOpen">Whether it holds for the version that was published last of all, and may go on.</param>
public sealed record VersionSpan(SemanticVersion First, SemanticVersion Last, bool IsOpen)
{
    /// <summary><c>1.0.0 to 1.4.0</c>, or the one version.</summary>
    public override string ToString() => First == Last ? First.ToString() : $"{First} to {Last}";
}
