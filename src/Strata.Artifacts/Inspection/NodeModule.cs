using System.Text.Json;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>A Node package, found by its <c>package.json</c>.</summary>
/// <remarks>Source: npm, "package.json"; Node, "Loading from node_modules folders"; Debian keeps them in <c>usr/share/nodejs</c>.</remarks>
internal sealed record NodeModule(string Name, string Version, string? License)
{
    private const string FileName = "/package.json";
    private static readonly string[] Shelves = ["node_modules", "usr/share/nodejs", "usr/lib/nodejs"];

    /// <summary>Bytes of the largest file that is read.</summary>
    public const int Largest = 1 << 20;

    /// <summary>Whether the file describes a package: it stands in the package's own folder, and that on a shelf of packages.</summary>
    public static bool IsMetadata(string name)
    {
        if (!name.EndsWith(FileName, StringComparison.Ordinal)) return false;
        var folder = name[..^FileName.Length];
        var above = folder.LastIndexOf('/') is > 0 and var slash ? folder[..slash] : "";
        if (above.LastIndexOf('/') is var scope && above.Length > scope + 1 && above[scope + 1] == '@') above = scope > 0 ? above[..scope] : "";
        return Shelves.Any(shelf => above == shelf || above.EndsWith("/" + shelf, StringComparison.Ordinal));
    }

    /// <summary>The package's folder.</summary>
    public static string Folder(string name) => name[..^FileName.Length];

    /// <summary>Reads a file; null when it is none, or names no package.</summary>
    public static NodeModule? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "name") is { Length: > 0 } name && Text(root, "version") is { Length: > 0 } version && Label.IsPlausible(name) && Label.IsPlausible(version)
                ? new(name, version, Stated(root))
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException) // the latter for half a surrogate pair
        {
            return null; // test data of a package may be broken on purpose
        }
    }

    // Since 2015 one SPDX expression; before that an object or a list of them.
    private static string? Stated(JsonElement root)
    {
        if (!root.TryGetProperty("license", out var license) && !root.TryGetProperty("licenses", out license)) return null;
        var stated = license.ValueKind switch
        {
            JsonValueKind.String => license.GetString(),
            JsonValueKind.Object => Text(license, "type"),
            JsonValueKind.Array => string.Join(" or ", license.EnumerateArray().Select(l => l.ValueKind == JsonValueKind.String ? l.GetString() : Text(l, "type")).Where(l => l is { Length: > 0 })),
            _ => null,
        };
        return stated is { Length: > 0 } ? Quote.Short(stated) : null;
    }

    private static string? Text(JsonElement of, string key) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
