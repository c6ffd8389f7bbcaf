using System.Text.RegularExpressions;
using Strata.Artifacts.Yaml;
using Strata.Build.Feeds;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>Reads <c>feeds</c> and <c>names</c> of a target file.</summary>
internal static partial class FeedReader
{
    private static readonly string[] Kinds = ["debian", "deb", "ipk", "rpm"];
    private static readonly string[] Modes = ["install", "unpack"];

    /// <summary>The feeds, in the order of the file; all of one package format and one mode.</summary>
    /// <param name="file">The target file; folders are relative to it.</param>
    public static EquatableList<PackageFeed> Feeds(YamlFields target, string file)
    {
        var feeds = new List<PackageFeed>();
        foreach (var fields in target.List("feeds", "a feed"))
        {
            var feed = Feed(fields, file);
            fields.Close();
            if (feed is null) continue;
            if (feeds.Count > 0 && !IsOfOneFormat(feeds[0], feed))
                fields.Refuse("type", $"A feed of type {feed.KindName} does not go together with one of type {feeds[0].KindName}: a tree has one package database. Keep one of the two.");
            else if (feeds.Count > 0 && feeds[0].Mode != feed.Mode)
                fields.Refuse("mode", $"This feed's mode is {feed.ModeName} and that of the first is {feeds[0].ModeName}; packages of all feeds go into one tree, so write the same mode for all.");
            else if (feed.Suite is not null && feeds.Any(f => f.Suite is not null))
                fields.Refuse("suite", "A second Debian archive is not used; its updates and its security belong to a suite by themselves. Remove one of the two.");
            else feeds.Add(feed);
        }
        return [.. feeds];
    }

    /// <summary>What the feeds call a package that recipes call otherwise.</summary>
    public static Dictionary<string, string> Names(YamlFields target)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        if (target.Fields("names", "the map of names") is not { } map) return names;
        foreach (var key in map.Keys)
        {
            if (map.RequiredText(key) is { } value) names[key] = value;
        }
        map.Close();
        return names;
    }

    private static PackageFeed? Feed(YamlFields fields, string file)
    {
        var type = OneOf(fields, "type", fields.RequiredText("type"), Kinds);
        var mode = OneOf(fields, "mode", fields.Text("mode"), Modes);
        // A type that is not known may have either; what it has is read so that Close does not refuse it as well.
        fields.Accept("suite", "path", "architectures");
        if (type is null) return null;
        var kind = Enum.Parse<FeedKind>(type, ignoreCase: true);
        var feed = new PackageFeed { Kind = kind, Mode = mode is null ? FeedMode.Install : Enum.Parse<FeedMode>(mode, ignoreCase: true) };
        if (kind == FeedKind.Debian)
        {
            if (fields.Has("path")) fields.Refuse("path", "A Debian archive is found by its suite, in the machine's own apt sources; remove 'path', or write 'type: deb' for a folder of packages.");
            if (fields.Has("architectures")) fields.Refuse("architectures", "A Debian archive's architecture follows from the target's; remove this.");
            if (fields.RequiredText("suite") is not { } suite) return null;
            if (SuiteName().IsMatch(suite)) return feed with { Suite = suite };
            fields.Refuse("suite", $"'{Quote.Short(suite)}' is no suite; write its code name, such as bookworm.");
            return null;
        }
        if (fields.Has("suite")) fields.Refuse("suite", $"A folder has no suites; remove this, or write 'type: debian' for an archive.");
        if (fields.RequiredText("path") is not { } path) return null;
        var folder = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, path));
        if (!Directory.Exists(folder)) fields.Refuse("path", $"'{Quote.Short(path)}' is not there; name the folder of packages, relative to this file.");
        var architectures = fields.Texts("architectures");
        foreach (var name in architectures.Where(a => !ArchitectureName().IsMatch(a)))
            fields.Refuse("architectures", $"'{Quote.Short(name)}' cannot be the name of an architecture; write it as the packages have it, such as core2-64.");
        return feed with { Folder = folder, Architectures = architectures };
    }

    private static bool IsOfOneFormat(PackageFeed one, PackageFeed other) =>
        one.Kind == other.Kind || (one.Kind is FeedKind.Debian or FeedKind.Deb && other.Kind is FeedKind.Debian or FeedKind.Deb);

    private static string? OneOf(YamlFields fields, string key, string? text, string[] known)
    {
        if (text is null || known.Contains(text)) return text;
        fields.Refuse(key, $"A feed of {key} '{Quote.Short(text)}' is not known; {string.Join(", ", known)} are{(NearestName.Hint(text, known) is { Length: > 0 } hint ? hint : ".")}");
        return null;
    }

    [GeneratedRegex("^[a-z][a-z0-9.-]{0,63}$")]
    private static partial Regex SuiteName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$")]
    private static partial Regex ArchitectureName();
}
