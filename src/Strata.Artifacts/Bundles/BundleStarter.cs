using System.Text;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Bundles;

/// <summary>Writes the text of a first <c>config.yaml</c>.</summary>
public static class BundleStarter
{
    /// <summary>Name of the schema that editors complete from; it stands beside the configuration.</summary>
    public const string Schema = "bundle.schema.json";

    /// <summary>The text, which <see cref="BundleConfigReader"/> reads back as <paramref name="config"/>.</summary>
    public static string Text(BundleConfig config)
    {
        var text = new StringBuilder($"# yaml-language-server: $schema={Schema}\nschemaVersion: 2\n");
        if (config.Author is not null || config.Company is not null)
        {
            text.Append("publisher:\n");
            Add(text, 2, "author", config.Author);
            Add(text, 2, "company", config.Company);
        }
        text.Append("publish:\n");
        Add(text, 2, "tlsKey", config.TlsKey);
        Add(text, 2, "signKey", config.SignKey);
        Add(text, 2, "domain", config.Domain);
        text.Append("items:\n");
        foreach (var item in config.Items) Append(text, item);
        return text.ToString();
    }

    private static void Append(StringBuilder text, BundleItem item)
    {
        text.Append($"  - identity:\n      type: {BundleConfigReader.Name(item.Type)}\n");
        Add(text, 6, "codename", item.Codename);
        Add(text, 6, "title", item.Title);
        Add(text, 6, "description", item.Description);
        Add(text, 4, "version", item.Version.ToString());
        if (item.SourceFolder != item.Codename) Add(text, 4, "sourceFolder", item.SourceFolder.Length == 0 ? "." : item.SourceFolder);
        text.Append("    images:\n");
        foreach (var image in item.Images)
        {
            text.Append("      - archInfo:\n");
            Add(text, 10, "architecture", image.Platform.Architecture);
            Add(text, 10, "variant", image.Platform.Variant);
            text.Append("        osInfo:\n");
            Add(text, 10, "os", image.Platform.Os);
            if (image.Path is not null) Add(text, 8, "mediaType", image.MediaType ?? MediaTypes.LayerGzip);
            Add(text, 8, "path", image.Path);
            Add(text, 8, "sourceFolder", image.SourceFolder is { Length: 0 } ? "." : image.SourceFolder);
        }
        if (item.Type == ItemType.Service) text.Append($"    configuration:\n      cmd: {Quoted(item.Settings.Command ?? "/app/run")}\n");
        if (item.Needs.Count == 0) return;
        text.Append("    dependencies:\n");
        foreach (var need in item.Needs)
        {
            text.Append("      - identity:\n          type: layer\n");
            Add(text, 10, "codename", need.Layer);
            if (need.Range != Model.Resolving.VersionRange.Any) Add(text, 8, "versions", need.Range.ToString());
        }
    }

    private static void Add(StringBuilder text, int indent, string key, string? value)
    {
        if (value is not null) text.Append(' ', indent).Append($"{key}: {Quoted(value)}\n");
    }

    /// <summary>Plain where that is one word and no number, quoted otherwise.</summary>
    private static string Quoted(string value) =>
        value.Length > 0 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+') && !IsWord(value)
            ? value
            : SemanticVersion.TryParse(value, out _, out _) ? value
            : $"\"{string.Concat(value.Select(c => c switch { '"' => "\\\"", '\\' => "\\\\", < ' ' => " ", _ => c.ToString() }))}\"";

    private static bool IsWord(string value) => value.ToLowerInvariant() is "true" or "false" or "yes" or "no" or "on" or "off" or "null" or "y" or "n";
}
