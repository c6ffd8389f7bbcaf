using System.Globalization;
using Strata.Artifacts.Yaml;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads the three notations in which an item asks for layers; all become <see cref="LayerNeed"/>.</summary>
/// <remarks>Source: facts on AosEdge, a.6; architecture decision 1.</remarks>
internal sealed class LayerNeedReader(MistakeList mistakes)
{
    private static readonly string[] Conditions = ["started", "healthy", "completed", "before", "after"];
    private static readonly string[] NameKeys = ["codename", "id", "urn"];

    /// <summary>Notations A and B: <c>configuration.layers</c>, whose entries are mappings or bare names.</summary>
    public IEnumerable<(YamlMark Mark, LayerNeed Need)> ReadLayers(YamlFields configuration)
    {
        foreach (var node in configuration.Items("layers"))
        {
            if (node is YamlScalar { IsNull: false } name)
            {
                if (CheckName(name.Mark, name.Value)) yield return (node.Mark, Need(name.Value, VersionRange.Any, node.Mark));
            }
            else if (YamlFields.Of(node, "a layer", mistakes) is { } fields && MinMax(fields) is { } need)
            {
                yield return (node.Mark, need);
            }
        }
    }

    /// <summary>Notation C: the item's <c>dependencies</c>.</summary>
    public IEnumerable<(YamlMark Mark, LayerNeed Need)> ReadDependencies(YamlFields item)
    {
        foreach (var fields in item.List("dependencies", "a dependency"))
            if (Dependency(fields) is { } need) yield return (fields.Mark, need);
    }

    private LayerNeed? MinMax(YamlFields fields)
    {
        var uid = fields.RequiredText("uid");
        var minimum = fields.Parsed<SemanticVersion>("minVersion", BundleItemReader.Version);
        var maximum = fields.Parsed<SemanticVersion>("maxVersion", BundleItemReader.Version);
        fields.Close();
        var (range, problem) = VersionRange.FromMinMax(minimum, maximum);
        if (problem is not null) fields.Refuse("minVersion", problem);
        return range is not null && uid is not null && CheckName(fields.MarkOf("uid"), uid) ? Need(uid, range, fields.Mark) : null;
    }

    private LayerNeed? Dependency(YamlFields fields)
    {
        var (type, name) = Target(fields);
        var preReleases = fields.Boolean("includePreRelease") ?? false;
        if (fields.Text("condition") is { } condition && !Conditions.Contains(condition))
            fields.Refuse("condition", $"'{Quote.Short(condition)}' is no condition{NearestName.Hint(condition, Conditions)}; known are {string.Join(", ", Conditions)}.");
        var versions = fields.Text("versions");
        fields.Close();
        // Without versions any release fits; a pre-release too when it is asked for.
        var (range, problem) = VersionRange.FromComparators(versions ?? ">=0.0.0", preReleases);
        if (versions is null && !preReleases) range = VersionRange.Any;
        if (problem is not null) fields.Refuse("versions", problem);
        if (name is null || type is null) return null;
        if (type != "layer")
        {
            mistakes.Add(fields.Mark, $"A dependency on the {Quote.Short(type)} '{Quote.Short(name)}' is not supported yet; only layers can be depended on. Remove it.");
            return null;
        }
        return range is null ? null : Need(name, range, fields.Mark);
    }

    private (string? Type, string? Name) Target(YamlFields fields)
    {
        if (fields.RequiredFields("identity", "the dependency's identity") is not { } identity) return default;
        var type = identity.RequiredText("type");
        var key = NameKeys.FirstOrDefault(identity.Has);
        var name = key is null ? identity.RequiredText("codename") : identity.Text(key);
        identity.Accept("codename", "id", "urn", "title", "description");
        identity.Close();
        return (type, name is not null && CheckName(identity.Mark, name) ? name : null);
    }

    private bool CheckName(YamlMark mark, string name)
    {
        if (name.Length is > 0 and <= 256 && !name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return true;
        mistakes.Add(mark, $"'{Quote.Short(name)}' is no layer's name; write its codename, alias or UID.");
        return false;
    }

    private LayerNeed Need(string layer, VersionRange range, YamlMark mark) => new(layer, range)
    {
        WrittenAt = string.Create(CultureInfo.InvariantCulture, $"{mistakes.File}:{mark.Line}"),
    };
}
