using Strata.Artifacts.Signing;
using Strata.Artifacts.Yaml;
using Strata.Model.Identity;
using Strata.Model.Units;

namespace Strata.Artifacts.Fleets;

/// <summary>Reads <c>fleet.json</c> with every mistake at its place.</summary>
/// <remarks>JSON is read by the reader of YAML, which knows lines and bounds: 1 MiB, 100,000 values. docs/formats/fleet.schema.json says the same for editors.</remarks>
public static class FleetReader
{
    private const int MostUnits = 10_000, MostItems = 1000, MostSubjects = 100;
    private const int LongestName = 128;

    /// <summary>Reads the file's bytes.</summary>
    /// <param name="fileName">Its name in messages.</param>
    public static Reading<Fleet> Read(ReadOnlySpan<byte> utf8, string fileName)
    {
        var mistakes = new MistakeList(fileName);
        var units = Units(YamlFields.Of(YamlDocument.Read(utf8, mistakes), "the file", mistakes), mistakes);
        return mistakes.Conclude(() => new Fleet(units.OrderBy(u => u.SystemId, StringComparer.Ordinal).ToEquatableList()));
    }

    private static List<FleetUnit> Units(YamlFields? file, MistakeList mistakes)
    {
        if (file is null) return [];
        file.Accept("$schema");
        if (file.RequiredText("schemaVersion") is { } version && version != "1") file.Refuse("schemaVersion", $"schemaVersion is '{Quote.Short(version)}'; only 1 is read.");
        var nodes = file.RequiredNode("units") is null ? [] : file.List("units", "a unit");
        if (nodes.Count > MostUnits) file.Refuse("units", $"There are more than {MostUnits} units.");
        file.Close();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var units = new List<FleetUnit>();
        foreach (var node in nodes.Take(MostUnits))
        {
            if (Unit(node, mistakes) is not { } unit) continue;
            if (seen.TryAdd(unit.SystemId, node.Mark.Line)) units.Add(unit);
            else node.Refuse("systemId", $"The unit '{unit.SystemId}' stands already in line {seen[unit.SystemId]}; keep one of the two.");
        }
        return units;
    }

    private static FleetUnit? Unit(YamlFields fields, MistakeList mistakes)
    {
        var systemId = fields.RequiredText("systemId");
        var owner = fields.RequiredText("owner");
        if (systemId is not null && !PkiFiles.IsName(systemId)) fields.Refuse("systemId", $"'{Quote.Short(systemId)}' is no system id; 1 to 64 letters, digits, '.', '_' and '-' are expected.");
        Domain(fields, "owner", owner);
        var unit = new FleetUnit(systemId ?? "", owner ?? "")
        {
            Model = Name(fields, "model"),
            Target = Name(fields, "target"),
            FleetOwner = Domain(fields, "fleetOwner", fields.Text("fleetOwner")),
            Subjects = fields.Texts("subjects"),
            Platforms = fields.Texts("platforms").Select(text => Platform(fields, text)).OfType<Platform>().ToEquatableList(),
            Services = Items(fields, "services", "a service", mistakes),
            Layers = Items(fields, "layers", "a layer", mistakes),
            Storage = Storage(fields.Fields("storage", "the storage")),
        };
        if (unit is { Model: not null, Target: not null }) fields.Refuse("target", "A model says the target; leave out one of the two.");
        if (unit.Subjects.Count > MostSubjects) fields.Refuse("subjects", $"There are more than {MostSubjects} subjects.");
        if (unit.Subjects.Any(s => s.Length is 0 or > LongestName)) fields.Refuse("subjects", $"A subject's label has 1 to {LongestName} characters.");
        fields.Close();
        return systemId is null || owner is null ? null : unit;
    }

    private static EquatableList<FleetItem> Items(YamlFields unit, string key, string what, MistakeList mistakes)
    {
        var nodes = unit.List(key, what);
        if (nodes.Count > MostItems) unit.Refuse(key, $"There are more than {MostItems} {key}.");
        var items = new List<FleetItem>();
        foreach (var node in nodes.Take(MostItems))
        {
            var owner = Domain(node, "owner", node.Text("owner"));
            var codename = node.RequiredText("codename");
            if (codename?.Length is 0 or > LongestName) node.Refuse("codename", $"A codename has 1 to {LongestName} characters.");
            var version = node.RequiredParsed<SemanticVersion>("version", text => SemanticVersion.TryParse(text, out var parsed, out var problem) ? (parsed, null) : (null, problem));
            node.Close();
            if (codename is null || version is null) continue;
            if (items.Any(i => i.Owner == owner && i.Codename == codename && i.Version == version)) mistakes.Add(node.Mark, $"{codename} {version} stands here twice; keep one.");
            else items.Add(new(owner, codename, version));
        }
        return items.ToEquatableList();
    }

    private static FleetStorage? Storage(YamlFields? fields)
    {
        if (fields is null) return null;
        fields.RequiredNode("total");
        fields.RequiredNode("used");
        var (total, used) = (fields.Integer("total", 0, long.MaxValue), fields.Integer("used", 0, long.MaxValue));
        if (used > total) fields.Refuse("used", $"{used} bytes are used of {total}; that is more than there are.");
        fields.Close();
        return total is null || used is null ? null : new(total.Value, used.Value);
    }

    private static string? Name(YamlFields fields, string key)
    {
        var text = fields.Text(key);
        if (text?.Length is 0 or > LongestName) fields.Refuse(key, $"'{key}' has 1 to {LongestName} characters.");
        return text;
    }

    private static string? Domain(YamlFields fields, string key, string? text)
    {
        if (text is not null && !ClientIdentity.IsDomain(text)) fields.Refuse(key, $"'{Quote.Short(text)}' is no domain in lower case.");
        return text;
    }

    private static Platform? Platform(YamlFields fields, string text)
    {
        var parts = text.Split('/');
        if (parts.Length is 2 or 3 && parts.All(p => p.Length > 0)) return new(parts[1], parts[0]) { Variant = parts.Length == 3 ? parts[2] : null };
        fields.Refuse("platforms", $"'{Quote.Short(text)}' is no platform; write one such as linux/amd64.");
        return null;
    }
}
