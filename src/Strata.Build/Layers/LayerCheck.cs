using System.Security.Cryptography;
using Strata.Artifacts.Layers;
using Strata.Build.Caching;
using Strata.Build.Targets;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store.Files;

namespace Strata.Build.Layers;

/// <summary>What a layer is held to besides its own description.</summary>
/// <param name="Parent">The parent it shall have been built from, and its content; null when that is not asked.</param>
/// <param name="Target">The target it shall have been built for; null when that is not asked.</param>
public sealed record LayerCheck((LayerFile File, DiffId DiffId)? Parent, (Target Target, Digest Identity)? Target)
{
    /// <summary>Reads the parent's content and the target's base, once for any number of layers.</summary>
    /// <param name="parent">A layer file; null for none.</param>
    public static async Task<LayerCheck> OfAsync(string? parent, Target? target, BuildCache cache, CancellationToken cancellation)
    {
        (LayerFile, DiffId)? above = null;
        if (parent is not null)
        {
            var file = LayerFiles.At(parent);
            await using var stream = File.OpenRead(file.Archive);
            above = (file, await LayerContentId.OfAsync(stream, null, cancellation));
        }
        return new(above, target is null ? null : (target, (await BaseTree.OpenAsync(target, cache, cancellation)).Identity));
    }

    /// <summary>Holds a layer to its description and to these.</summary>
    /// <exception cref="InvalidDataException">Nothing describes it.</exception>
    public async Task<LayerVerification> RunAsync(LayerFile layer, CancellationToken cancellation)
    {
        var description = layer.Description ?? throw new InvalidDataException(
            $"No layer.json describes '{layer.Archive}', so there is nothing to hold it to; 'strata layer inspect' shows what is in it.");
        await using var file = File.OpenRead(layer.Archive);
        var found = await LayerVerification.OfAsync(description, file, () => SpoolFile.Create(Path.GetTempPath()), cancellation);
        return found with { Mismatches = [.. found.Mismatches, .. await DocumentsAsync(layer.Archive, description, cancellation), .. Foreign(description)] };
    }

    /// <summary>Holds the files beside the archive to what the description says of them.</summary>
    private static async Task<List<string>> DocumentsAsync(string archive, LayerDescription description, CancellationToken cancellation)
    {
        var mismatches = new List<string>();
        foreach (var document in description.Documents)
        {
            var path = LayerFiles.DocumentOf(archive, document.Name);
            if (path is null)
            {
                mismatches.Add($"The document {document.Name} does not stand beside the archive.");
                continue;
            }
            await using var file = File.OpenRead(path);
            if (Digest.FromHash(await SHA256.HashDataAsync(file, cancellation)) is var digest && digest != document.Digest)
                mismatches.Add($"The document {path} is {digest}, and layer.json says {document.Digest}.");
        }
        return mismatches;
    }

    private IEnumerable<string> Foreign(LayerDescription description)
    {
        if (Parent is { } parent)
        {
            if (description.Parent is not { } stated) yield return $"It was built on the base alone, and not on {parent.File.Archive}.";
            else if (stated.DiffId != parent.DiffId) yield return $"It was built on {stated.Name} {stated.Version} with the diff id {stated.DiffId}, and {parent.File.Archive} has {parent.DiffId}.";
        }
        if (Target is { } target)
        {
            if (description.Base is not { } stated) yield return $"It says nothing of its base, so it cannot be held to the target {target.Target.Name}.";
            else if (stated.Identity != target.Identity) yield return $"It was built on the base {stated.Name} with the identity {stated.Identity}, and that of the target {target.Target.Name} is {target.Identity}.";
            if (!description.Platform.RunsOn(target.Target.Platform)) yield return $"It is for {Whole(description.Platform)}, and the target {target.Target.Name} is {Whole(target.Target.Platform)}.";
        }
    }

    // With all that decides whether one runs on the other.
    private static string Whole(Platform platform) =>
        $"{platform}{(platform.OsVersion is { } version ? $" {version}" : "")}{(platform.OsFeatures.Count > 0 ? $" with {string.Join(", ", platform.OsFeatures)}" : "")}";
}
