using Strata.Artifacts.Yaml;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>Reads <c>target.yaml</c>.</summary>
public static class TargetReader
{
    // Whose places are kept: what a base is held to later.
    private static readonly string[] Placed = ["identity", "architecture", "visible"];
    private static readonly string[] Architectures = ["amd64", "arm64", "arm", "386", "riscv64"];

    /// <summary>Reads the file, or says all that is wrong with it.</summary>
    /// <param name="path">The file, or a folder that holds a <c>target.yaml</c>.</param>
    public static Reading<Target> Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "target.yaml") : path;
        var mistakes = new MistakeList(file);
        if (!File.Exists(file))
        {
            mistakes.Add(new(1, 1), "There is no such target file; correct the path, or make one with 'strata target init'.");
            return mistakes.Conclude<Target>(() => throw new InvalidOperationException());
        }
        var root = YamlDocument.Read(File.ReadAllBytes(file), mistakes);
        var fields = YamlFields.Of(root, "a target", mistakes);
        var target = fields is null ? null : Read(fields, file);
        return mistakes.Conclude(() => target!);
    }

    private static Target Read(YamlFields fields, string file)
    {
        if (fields.Integer("schemaVersion", 1, 1) is null && !fields.Has("schemaVersion")) fields.Refuse("schemaVersion", "A target needs 'schemaVersion: 1'.");
        var name = fields.RequiredText("name") ?? "";
        if (name.Length > 0 && !TargetName.IsValid(name)) fields.Refuse("name", $"'{Quote.Short(name)}' is no name; {TargetName.Rule}.");
        var rootFs = RootFs(fields, file);
        var target = new Target
        {
            File = file,
            Name = name,
            RootFs = rootFs,
            Image = fields.Text("image"),
            Identity = Identity(fields),
            Marks = Placed.Where(fields.Has).ToDictionary(key => key, fields.MarkOf, StringComparer.Ordinal),
            Platform = Platform(fields),
            Feeds = FeedReader.Feeds(fields, file),
            Visible = Visible(fields),
            Names = FeedReader.Names(fields),
        };
        fields.Close();
        return target;
    }

    private static string RootFs(YamlFields fields, string file)
    {
        if (fields.RequiredText("rootfs") is not { } text) return "";
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, text));
        if (!Directory.Exists(path) && !File.Exists(path)) fields.Refuse("rootfs", $"'{Quote.Short(text)}' is not there; name the folder, tar, OCI layout or image of the base root file system, relative to this file.");
        return path;
    }

    private static Digest? Identity(YamlFields fields)
    {
        if (fields.Text("identity") is not { } text) return null;
        if (Digest.TryParse(text, null, out var identity)) return identity;
        fields.Refuse("identity", $"'{Quote.Short(text)}' is no identity; 'strata target show' prints the base's: sha256: and 64 lower-case hex digits.");
        return null;
    }

    private static Platform Platform(YamlFields fields)
    {
        var architecture = fields.RequiredText("architecture") ?? "amd64";
        if (!Architectures.Contains(architecture))
            fields.Refuse("architecture", $"'{Quote.Short(architecture)}' is not known; one of {string.Join(", ", Architectures)} is expected{(NearestName.Hint(architecture, Architectures) is { Length: > 0 } hint ? hint : ".")}");
        var os = fields.Text("os") ?? "linux";
        if (os != "linux") fields.Refuse("os", $"'{Quote.Short(os)}' is not built for; only linux is.");
        return new(architecture)
        {
            Variant = fields.Text("variant"),
            OsVersion = fields.Text("osVersion"),
            OsFeatures = [.. fields.Texts("features").Distinct().Order(StringComparer.Ordinal)],
        };
    }

    private static EquatableList<string> Visible(YamlFields fields)
    {
        if (!fields.Has("visible")) return Target.DefaultVisible;
        var visible = fields.Texts("visible");
        foreach (var folder in visible.Where(f => !TargetName.IsTopFolder(f)))
            fields.Refuse("visible", $"'{Quote.Short(folder)}' is no top folder; write names such as usr, without slashes.");
        return visible;
    }
}
