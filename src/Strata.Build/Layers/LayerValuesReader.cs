using System.Text.Json;
using Strata.Artifacts.Describing;
using Strata.Artifacts.Json;
using Strata.Build.Targets;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Layers;

/// <summary>Reads the values of a recipe from JSON, all mistakes at once.</summary>
public sealed class LayerValuesReader
{
    private const long Largest = 1 << 20;
    private static readonly string[] Keys = ["name", "codename", "version", "summary", "license", "features", "whiteouts", "visible", "platform", "parent", "target"];
    private readonly List<string> _mistakes = [];
    private readonly string _file;

    private LayerValuesReader(string file) => _file = file;

    /// <summary>Reads <paramref name="file"/>.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message has a line for each mistake.</exception>
    public static LayerValues Read(string file)
    {
        if (!File.Exists(file)) throw new InvalidDataException($"There is no file '{file}' with the values of the layer; correct the path.");
        if (new FileInfo(file).Length > Largest) throw new InvalidDataException($"{file} is larger than {Largest} bytes; no recipe has that much to say.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(file));
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{file}:{broken.LineNumber + 1}:{broken.BytePositionInLine + 1}: it is no JSON: {broken.Message}");
        }
        using (document)
        {
            var reader = new LayerValuesReader(file);
            var values = reader.Values(document.RootElement);
            return reader._mistakes.Count == 0 ? values! : throw new InvalidDataException(string.Join('\n', reader._mistakes));
        }
    }

    private LayerValues? Values(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Mistake("it is no JSON object.");
            return null;
        }
        foreach (var property in root.EnumerateObject().Where(p => !Keys.Contains(p.Name)))
            Mistake($"'{Quote.Short(property.Name)}' is no key{NearestName.Hint(property.Name, Keys)}");
        var name = Text(root, "name") is { Length: > 0 } named ? named : Missing("name", "the recipe's name");
        SemanticVersion? version = null;
        if (Text(root, "version") is not { Length: > 0 } written) Missing("version", "the layer's version");
        else if (!SemanticVersion.TryParse(written, out version, out var problem)) Mistake($"version: {problem}");
        var platform = Platform(root);
        var claims = new LayerClaims
        {
            Name = name,
            Codename = Text(root, "codename") is { Length: > 0 } codename ? codename : new Recipes.Recipe { File = _file, Name = name, Version = "" }.Codename,
            Version = version ?? SemanticVersion.Parse("0.0.0"),
            Summary = Text(root, "summary") is { Length: > 0 } summary ? summary : null,
            License = Text(root, "license") is { Length: > 0 } license ? license : null,
            Features = Texts(root, "features").Distinct().ToEquatableList(),
            Platform = platform ?? new("amd64"),
            Parent = Parent(root),
            Base = Base(root),
        };
        var visible = Texts(root, "visible");
        return new(claims, Texts(root, "whiteouts"), visible.Count > 0 ? visible : [.. Target.DefaultVisible]);
    }

    private Platform? Platform(JsonElement root)
    {
        if (!root.TryGetProperty("platform", out var platform) || platform.ValueKind != JsonValueKind.Object)
        {
            Missing("platform", "an object with architecture and os");
            return null;
        }
        if (Text(platform, "architecture") is not { Length: > 0 } architecture) architecture = Missing("platform.architecture", "OCI's name, such as arm64");
        return new(architecture, Text(platform, "os") is { Length: > 0 } os ? os : "linux")
        {
            Variant = Text(platform, "variant") is { Length: > 0 } variant ? variant : null,
            OsVersion = Text(platform, "os.version") is { Length: > 0 } osVersion ? osVersion : null,
            OsFeatures = Texts(platform, "os.features").Order(StringComparer.Ordinal).ToEquatableList(),
        };
    }

    private LayerDescription? Parent(JsonElement root)
    {
        if (Text(root, "parent") is not { Length: > 0 } path) return null;
        var full = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_file))!, path);
        try
        {
            return LayerDescriptionJson.Read(File.ReadAllBytes(full));
        }
        catch (Exception unusable) when (unusable is JsonException or IOException or UnauthorizedAccessException)
        {
            Mistake($"parent: {full} cannot be read as the parent's layer.json: {unusable.Message}");
            return null;
        }
    }

    private BaseIdentity? Base(JsonElement root)
    {
        if (!root.TryGetProperty("target", out var target) || target.ValueKind != JsonValueKind.Object) return null;
        if (Text(target, "identity") is not { Length: > 0 } identity) return null;
        if (!Digest.TryParse(identity, null, out var digest)) Mistake($"target.identity: '{Quote.Short(identity)}' is not a digest; sha256: and 64 lower-case hex digits are expected.");
        return new(Text(target, "name") is { Length: > 0 } name ? name : Missing("target.name", "the target's name"), digest);
    }

    private string? Text(JsonElement of, string key)
    {
        if (!of.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        if (value.ValueKind == JsonValueKind.String) return value.GetString();
        Mistake($"{key}: a text was expected, not {value.ValueKind}.");
        return null;
    }

    // A list of words, or BitBake's own way of writing one.
    private List<string> Texts(JsonElement of, string key)
    {
        if (!of.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return [];
        if (value.ValueKind == JsonValueKind.String) return [.. value.GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String)) return [.. value.EnumerateArray().Select(v => v.GetString()!)];
        Mistake($"{key}: a list of texts was expected.");
        return [];
    }

    private string Missing(string key, string meaning)
    {
        Mistake($"it has no '{key}'; write {meaning}.");
        return key;
    }

    private void Mistake(string what) => _mistakes.Add($"{_file}: {what}");
}
