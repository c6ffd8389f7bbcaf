using System.Text.Json;
using Strata.Artifacts.Json;
using Strata.Hub.Persistence;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>Reads layer.json out of the store.</summary>
internal static class Descriptions
{
    /// <summary>The layer.json in a blob; null when the store does not hold it.</summary>
    /// <exception cref="InvalidDataException">It is longer than <see cref="LayerDescriptionJson.MaxBytes"/>, or none.</exception>
    public static async Task<LayerDescription?> DescriptionAsync(this IBlobs blobs, Digest digest, CancellationToken cancellation)
    {
        await using var file = await blobs.OpenAsync(digest, cancellation);
        if (file is null) return null;
        if (file.Length > LayerDescriptionJson.MaxBytes) throw new InvalidDataException($"The description {digest} is longer than {LayerDescriptionJson.MaxBytes} bytes.");
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content, cancellation);
        try
        {
            return LayerDescriptionJson.Read(content);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"The description {digest} cannot be read: {problem.Message}", problem);
        }
    }
}
