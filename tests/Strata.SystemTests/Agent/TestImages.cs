using System.Text;
using Strata.Artifacts.Oci;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;

namespace Strata.SystemTests.Agent;

/// <summary>Makes layers and service images and puts them into a test hub.</summary>
internal static class TestImages
{
    public static readonly Platform Host = new("amd64");

    public static async Task<LayerBlob> LayerAsync(this TestHub hub, params (string Name, byte[] Content)[] files)
    {
        using var output = new MemoryStream();
        LayerArchive archive;
        await using (var writer = new LayerArchiveWriter(output))
        {
            foreach (var folder in files.SelectMany(f => Parents(f.Name)).Distinct().Order(StringComparer.Ordinal))
                await writer.WriteAsync(new() { Name = folder, Kind = TarEntryKind.Directory, Mode = 0x1ED }, null, CancellationToken.None);
            foreach (var (name, content) in files)
                await writer.WriteAsync(new() { Name = name, Kind = TarEntryKind.File, Mode = 0x1ED, Size = content.Length }, new MemoryStream(content), CancellationToken.None);
            archive = await writer.FinishAsync(CancellationToken.None);
        }
        hub.Add(output.ToArray());
        return new(archive.Digest, archive.DiffId, archive.Size, archive.MediaType);
    }

    public static Task<LayerBlob> LayerAsync(this TestHub hub, string name, string content) => hub.LayerAsync((name, Encoding.UTF8.GetBytes(content)));

    /// <returns>Hex digest of the index.</returns>
    public static string Image(this TestHub hub, string script, LayerBlob own, params LayerBlob[] shared)
    {
        var image = ServiceImageComposer.Compose(
            [new(Host, own, shared.ToEquatableList(), new(["/bin/busybox", "sh", "-c", script], [], "/"))], ImageOrder.TopFirst);
        foreach (var document in image.Documents) hub.Add(document.Bytes.ToArray());
        return image.Index.Hex;
    }

    private static IEnumerable<string> Parents(string name)
    {
        for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1)) yield return name[..slash];
    }
}
