using System.Text;
using Strata.Build.Caching;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>Writes <c>layers/config.yaml</c>: the bundle configuration for the layers of a build, ready to sign.</summary>
/// <remarks>A child names its parent in exactly the version that it was built from. Source: docs/formats/bundle.md, "config.yaml"; paths are relative to the file.</remarks>
internal static class BundleFragment
{
    public static Task WriteAsync(string deploy, IReadOnlyList<BuiltLayer> layers, CancellationToken cancellation) =>
        BuildCache.WriteAsync(Path.Combine(deploy, "layers", "config.yaml"), file => file.WriteAsync(Encoding.UTF8.GetBytes(Text(layers)), cancellation).AsTask());

    internal static string Text(IReadOnlyList<BuiltLayer> layers)
    {
        var text = new StringBuilder("schemaVersion: 2\npublisher:\n  company: \"\"\npublish:\n  tlsKey: aos-user-oem.p12\nitems:\n");
        var codenames = layers.ToDictionary(l => l.Description.Name, l => l.Description.Codename, StringComparer.Ordinal);
        foreach (var layer in layers) Append(text, layer, codenames);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BuiltLayer layer, Dictionary<string, string> codenames)
    {
        var about = layer.Description;
        text.Append($"  - identity:\n      codename: {Quoted(about.Codename)}\n      type: layer\n      title: {Quoted(about.Summary is { Length: > 0 } summary ? summary : about.Name)}\n");
        text.Append($"    version: {Quoted(about.Version.ToString())}\n");
        text.Append($"    images:\n      - mediaType: {MediaTypes.LayerGzip}\n");
        text.Append($"        archInfo:\n          architecture: {Quoted(about.Platform.Architecture)}\n");
        text.Append($"        osInfo:\n          os: {about.Platform.Os}\n");
        text.Append($"        path: {Quoted($"{about.Name}/{Path.GetFileName(layer.Archive)}")}\n");
        if (about.Parent is not { } parent) return;
        text.Append($"    dependencies:\n      - identity:\n          type: layer\n          codename: {Quoted(codenames[parent.Name])}\n        versions: {Quoted("=" + parent.Version)}\n");
    }

    private static string Quoted(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings(" ")}\"";
}
