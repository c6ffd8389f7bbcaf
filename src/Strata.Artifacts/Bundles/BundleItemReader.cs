using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Resolving;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads one entry of <c>items</c>.</summary>
internal sealed class BundleItemReader(MistakeList mistakes)
{
    private static readonly string[] OtherTypes = ["component", "subject", "oem", "sp", "node", "runtime"];

    /// <summary>The images of every item that was read, whole or not.</summary>
    public List<PlacedImage> Images { get; } = [];

    /// <summary>The needs of every item that was read.</summary>
    public List<PlacedNeed> Needs { get; } = [];

    /// <summary>The item; null, with mistakes noted, when there is not enough of it to go on.</summary>
    public BundleItem? Read(YamlFields item)
    {
        var (type, identity) = Identity(item);
        var version = item.RequiredParsed<SemanticVersion>("version", Version);
        var folder = RelativePath(item, "sourceFolder");
        var images = item.RequiredNode("images") is null ? [] : item.List("images", "an image");
        if (item.Node("images") is YamlSequence { Items.Count: 0 }) item.Refuse("images", "The list of images is empty; name one for each architecture.");
        var read = new BundleImageReader(type, mistakes).Read(images);
        var dependencies = new LayerNeedReader(mistakes);
        var configuration = item.Fields("configuration", "the configuration");
        var needs = new List<(YamlMark Mark, LayerNeed Need)>();
        if (configuration is not null) needs.AddRange(dependencies.ReadLayers(configuration));
        needs.AddRange(dependencies.ReadDependencies(item));
        var settings = configuration is null ? new() : new ServiceSettingsReader(configuration, mistakes).Read(version);
        configuration?.Close();
        item.Close();
        CheckNeeds(type, needs);
        Images.AddRange(read.Select(r => new PlacedImage(type, identity.Codename, version, folder ?? identity.Codename ?? "", r.Image, r.Mark)));
        Needs.AddRange(needs.Select(n => new PlacedNeed(n.Need, n.Mark)));
        if (type is null || identity.Codename is not { } codename || version is null) return null;
        return new(type.Value, codename, version, read.Select(r => r.Image).ToEquatableList())
        {
            Id = identity.Id,
            Title = identity.Title,
            Description = identity.Description,
            Urn = identity.Urn,
            SourceFolder = folder ?? codename,
            Needs = needs.Select(n => n.Need).ToEquatableList(),
            Settings = settings,
        };
    }

    /// <summary>SemVer, as a field parser gives it.</summary>
    internal static (SemanticVersion? Value, string? Problem) Version(string text) =>
        SemanticVersion.TryParse(text, out var version, out var problem) ? (version, null) : (null, problem);

    /// <summary>A path below the bundle's folder, without <c>.</c> parts and slashes at the end; null when absent or refused.</summary>
    internal static string? RelativePath(YamlFields fields, string key)
    {
        if (fields.Text(key) is not { } text) return null;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (text.StartsWith('/') || text.Contains('\\', StringComparison.Ordinal) || text.Contains('\0', StringComparison.Ordinal) || parts.Contains(".."))
        {
            fields.Refuse(key, $"'{key}' is '{Quote.Short(text)}'; it must stay inside the bundle's folder: no leading slash, no '..', no backslash.");
            return null;
        }
        return string.Join('/', parts.Where(p => p != "."));
    }

    private static (ItemType?, (Guid? Id, string? Codename, string? Title, string? Description, string? Urn)) Identity(YamlFields item)
    {
        if (item.RequiredFields("identity", "the identity") is not { } identity) return default;
        var type = Type(identity);
        var codename = identity.RequiredText("codename");
        if (codename is not null && !IsCodename(codename))
        {
            identity.Refuse("codename", $"The codename '{Quote.Short(codename)}' does not do; use 1 to 64 letters, digits, '.', '_' or '-', beginning with a letter or digit.");
            codename = null;
        }
        Guid? id = null;
        if (identity.Text("id") is { } text)
        {
            if (Guid.TryParse(text, out var parsed)) id = parsed;
            else identity.Refuse("id", $"'{Quote.Short(text)}' is no UUID.");
        }
        var read = (id, codename, identity.Text("title"), identity.Text("description"), identity.Text("urn"));
        identity.Close();
        return (type, read);
    }

    private static ItemType? Type(YamlFields identity)
    {
        switch (identity.RequiredText("type"))
        {
            case null: return null;
            case "service": return ItemType.Service;
            case "layer": return ItemType.Layer;
            case var other when OtherTypes.Contains(other):
                identity.Refuse("type", $"Items of type '{other}' are not supported yet; a bundle brings services or layers.");
                return null;
            case var other:
                identity.Refuse("type", $"'{Quote.Short(other)}' is no item type{NearestName.Hint(other, ["service", "layer"])}; write service or layer.");
                return null;
        }
    }

    private static bool IsCodename(string text) =>
        text.Length is > 0 and <= 64 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private void CheckNeeds(ItemType? type, List<(YamlMark Mark, LayerNeed Need)> needs)
    {
        if (type == ItemType.Layer && needs.Count > 1)
            mistakes.Add(needs[1].Mark, "A layer depends on one other layer at most: its parent. Make a layer of the rest and stack them.");
        var seen = new Dictionary<string, YamlMark>(StringComparer.Ordinal);
        foreach (var (mark, need) in needs)
            if (!seen.TryAdd(need.Layer, mark))
                mistakes.Add(mark, $"The layer '{Quote.Short(need.Layer)}' is asked for here again, after line {seen[need.Layer].Line}; keep one of the two.");
    }
}
