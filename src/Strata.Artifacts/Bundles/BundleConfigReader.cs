using Strata.Artifacts.Signing;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads a deployment bundle's <c>config.yaml</c>, schemaVersion 2, with every mistake at its place.</summary>
/// <remarks>
/// Unknown keys are mistakes; every key of the vendor's format is read. docs/formats/bundle.schema.json says the same for editors.
/// Source: facts on AosEdge, b.2 and d.2; the seed's two examples.
/// </remarks>
public static class BundleConfigReader
{
    private const int MaxItems = 1000;

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="fileName">Its name in messages and in <see cref="Model.Resolving.LayerNeed.WrittenAt"/>.</param>
    public static Reading<BundleConfig> Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        var mistakes = new MistakeList(fileName);
        var outline = Outline(utf8, mistakes);
        return mistakes.Conclude(() => outline!.Config);
    }

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, string)"/>
    public static Reading<BundleConfig> Read(string text, string fileName)
    {
        var mistakes = new MistakeList(fileName);
        var outline = Outline(YamlDocument.Read(text, mistakes), mistakes);
        return mistakes.Conclude(() => outline!.Config);
    }

    /// <summary>Reads as much as can be read, so that what the file names can be looked for even when something is wrong with it.</summary>
    /// <param name="mistakes">Receives everything that is wrong.</param>
    /// <returns>Null, with a mistake, when it is no mapping or of another schema.</returns>
    public static BundleOutline? Outline(ReadOnlySpan<byte> utf8, MistakeList mistakes) => Outline(YamlDocument.Read(utf8, mistakes), mistakes);

    private static BundleOutline? Outline(YamlNode? root, MistakeList mistakes)
    {
        var config = new BundleConfig([]);
        if (YamlFields.Of(root, "the file", mistakes) is not { } file) return null;
        if (file.Has("build") && !file.Has("items"))
        {
            mistakes.Add(file.Mark, "This is a configuration of schemaVersion 1; write it with schemaVersion: 2 and a list of items.");
            return null;
        }

        if (file.Text("schemaVersion") is { } version && version != "2")
            file.Refuse("schemaVersion", $"schemaVersion is '{Quote.Short(version)}'; only 2 is read.");
        config = Publish(file, Publisher(file, config));
        var nodes = file.RequiredNode("items") is null ? [] : file.List("items", "an item");
        if (nodes.Count > MaxItems) file.Refuse("items", $"There are more than {MaxItems} items; split the bundle.");
        var items = new List<(YamlFields Fields, BundleItem Item)>();
        var reader = new BundleItemReader(mistakes);
        foreach (var node in nodes.Take(MaxItems))
            if (reader.Read(node) is { } item) items.Add((node, item));
        if (file.Node("items") is YamlSequence { Items.Count: 0 }) file.Refuse("items", "The list of items is empty; a bundle brings at least one.");
        file.Close();
        CheckTogether(items, mistakes);
        return new(config with { Items = items.Select(i => i.Item).ToEquatableList() }, reader.Images.ToEquatableList(), reader.Needs.ToEquatableList());
    }

    private static BundleConfig Publisher(YamlFields file, BundleConfig config)
    {
        if (file.Fields("publisher", "the publisher") is not { } publisher) return config;
        config = config with { Author = publisher.Text("author"), Company = publisher.Text("company") };
        publisher.Close();
        return config;
    }

    private static BundleConfig Publish(YamlFields file, BundleConfig config)
    {
        if (file.Fields("publish", "the publish part") is not { } publish) return config;
        config = config with { TlsKey = publish.RequiredText("tlsKey"), SignKey = publish.Text("signKey"), Domain = publish.Text("domain") };
        if (config.Domain is { } domain && !IsHost(domain))
            publish.Refuse("domain", $"'{Quote.Short(domain)}' is no domain; write a host alone, such as oem.example.com, or host:port.");
        CheckKey(publish, "tlsKey", config.TlsKey);
        CheckKey(publish, "signKey", config.SignKey);
        publish.Close();
        return config;
    }

    private static void CheckKey(YamlFields publish, string field, string? key)
    {
        if (key is null || !Pkcs11Uri.IsMeantBy(key)) return;
        var (uri, problem) = Pkcs11Uri.Read(key);
        if (uri is null) publish.Refuse(field, problem!);
        else if (uri.ModulePath is not null)
            publish.Refuse(field, "The URI names a module, which is code that would run as whoever signs, and this file may come from somebody else. Take module-path out; name the module with --key or in STRATA_TOKEN_MODULE.");
        else if (uri.HoldsPin)
            publish.Refuse(field, "The URI holds the token's PIN, and this file is sent along in the bundle. Write ?pin-source=file:/PATH, or set STRATA_TOKEN_PIN; and change the PIN if the file was shown to anybody.");
    }

    private static bool IsHost(string text) =>
        Uri.TryCreate($"https://{text}/", UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && uri.UserInfo.Length == 0 && uri.Host.Length > 0;

    private static void CheckTogether(List<(YamlFields Fields, BundleItem Item)> items, MistakeList mistakes)
    {
        var seen = new Dictionary<(ItemType, string), int>();
        foreach (var (fields, item) in items)
        {
            if (!seen.TryAdd((item.Type, item.Codename), fields.Mark.Line))
                mistakes.Add(fields.Mark, $"The {Name(item.Type)} '{item.Codename}' stands here again, after line {seen[(item.Type, item.Codename)]}; a bundle brings one version of an item.");
        }
        if (items.FirstOrDefault(i => i.Item.Type != items[0].Item.Type).Fields is { } other)
            mistakes.Add(other.Mark, "Services belong to a service provider and layers to an OEM, so they cannot share a bundle; make two.");
    }

    internal static string Name(ItemType type) => type switch
    {
        ItemType.Service => "service",
        ItemType.Layer => "layer",
        _ => "component",
    };
}
