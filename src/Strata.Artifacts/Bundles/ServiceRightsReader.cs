using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads what a service may reach: ports, connections, resources, permissions, its runtimes and its state.</summary>
/// <remarks>Source: facts on AosEdge, d.2.</remarks>
internal sealed class ServiceRightsReader(YamlFields configuration, MistakeList mistakes)
{
    private const int Most = 256;
    private const int LongestName = 256;
    private static readonly string[] Modes = ["r", "w", "rw"];

    public EquatableList<PortRange> ExposedPorts() => Parsed("exposedPorts", Amounts.Ports);

    public EquatableList<AllowedConnection> AllowedConnections() => Parsed("allowedConnections", Amounts.Connection);

    /// <summary>v2's runtimes, identities or names, and v1's runner and runners.</summary>
    public EquatableList<string> Runtimes()
    {
        var names = new List<string>();
        foreach (var node in Bounded("runtimes"))
        {
            if (node is YamlScalar { IsNull: false } plain) names.Add(plain.Value);
            else if (YamlFields.Of(node, "a runtime", mistakes) is { } fields && Runtime(fields) is { } name) names.Add(name);
        }
        names.AddRange(configuration.Texts("runners"));
        if (configuration.Text("runner") is { } runner) names.Add(runner);
        return names.Distinct(StringComparer.Ordinal).ToEquatableList();
    }

    /// <summary>resources, and v1's devices, which became resources.</summary>
    public EquatableList<GrantedResource> Resources()
    {
        var read = new List<GrantedResource>();
        foreach (var node in Bounded("resources").Concat(Bounded("devices")))
        {
            if (node is YamlScalar { IsNull: false } plain) read.Add(new(plain.Value, "r"));
            else if (YamlFields.Of(node, "a resource", mistakes) is { } fields)
            {
                var (name, mode) = (fields.RequiredText("name"), fields.Text("mode") ?? "r");
                if (!Modes.Contains(mode)) fields.Refuse("mode", NoMode(mode));
                fields.Close();
                if (name is not null) read.Add(new(name, mode));
            }
        }
        return read.ToEquatableList();
    }

    public EquatableList<ServicePermission> Permissions()
    {
        var read = new List<ServicePermission>();
        foreach (var (server, value) in Entries("permissions", "a mapping of servers to what is allowed there"))
        {
            if (value is not YamlMapping paths)
            {
                mistakes.Add(value.Mark, $"What is allowed on '{Quote.Short(server.Value)}' must be a mapping of paths to r, w or rw, and this is {value.Kind}.");
                continue;
            }
            foreach (var (path, mode) in paths.Entries)
            {
                if (mode is YamlScalar text && Modes.Contains(text.Value)) read.Add(new(server.Value, path.Value, text.Value));
                else mistakes.Add(mode.Mark, NoMode((mode as YamlScalar)?.Value ?? mode.Kind));
            }
        }
        return read.OrderBy(p => p.Server, StringComparer.Ordinal).ThenBy(p => p.Path, StringComparer.Ordinal).ToEquatableList();
    }

    public StateFile? State()
    {
        if (configuration.Fields("state", "the state part") is not { } state) return null;
        var name = BundleItemReader.RelativePath(state, "filename");
        if (name is { Length: 0 }) state.Refuse("filename", "'filename' must name a file, not the folder itself.");
        var read = new StateFile(name ?? "state.dat", state.Boolean("required") ?? false);
        state.Close();
        return read;
    }

    public EquatableList<KernelParameter> KernelParameters()
    {
        var read = new List<KernelParameter>();
        foreach (var (key, value) in Entries("sysctl", "a mapping of kernel parameters to values"))
        {
            if (key.Value.Length is 0 or > LongestName || !key.Value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/'))
                mistakes.Add(key.Mark, $"'{Quote.Short(key.Value)}' is no kernel parameter; write it as sysctl does, such as net.core.somaxconn.");
            else if (value is YamlScalar { IsNull: false } text) read.Add(new(key.Value, text.Value));
            else mistakes.Add(value.Mark, $"The value of '{key.Value}' must be a text, and this is {value.Kind}.");
        }
        return read.OrderBy(p => p.Name, StringComparer.Ordinal).ToEquatableList();
    }

    private static string? Runtime(YamlFields fields)
    {
        if (fields.Text("type") is { } type and not "runtime") fields.Refuse("type", $"A runtime is of type runtime, not '{Quote.Short(type)}'.");
        var name = fields.Has("id") && !fields.Has("codename") ? fields.Text("id") : fields.RequiredText("codename");
        fields.Accept("codename", "id", "title", "description", "urn");
        fields.Close();
        return name;
    }

    private EquatableList<T> Parsed<T>(string key, Func<string, (T? Value, string? Problem)> parse) where T : class
    {
        var read = new List<T>();
        foreach (var node in Bounded(key))
        {
            if (node is not YamlScalar { IsNull: false } text)
            {
                mistakes.Add(node.Mark, $"An entry of '{key}' must be a text, and this is {node.Kind}.");
                continue;
            }
            var (value, problem) = parse(text.Value);
            if (problem is not null) mistakes.Add(node.Mark, problem);
            else if (value is not null) read.Add(value);
        }
        return read.ToEquatableList();
    }

    private IReadOnlyList<YamlNode> Bounded(string key)
    {
        var nodes = configuration.Items(key);
        if (nodes.Count > Most) configuration.Refuse(key, $"'{key}' has {nodes.Count} entries; at most {Most} are read.");
        return nodes;
    }

    private EquatableList<YamlEntry> Entries(string key, string what)
    {
        switch (configuration.Node(key))
        {
            case null: return [];
            case YamlMapping map: return map.Entries;
            case var other:
                mistakes.Add(other.Mark, $"'{key}' must be {what}, and this is {other.Kind}.");
                return [];
        }
    }

    private static string NoMode(string mode) => $"'{Quote.Short(mode)}' is no mode; write r, w or rw.";
}
