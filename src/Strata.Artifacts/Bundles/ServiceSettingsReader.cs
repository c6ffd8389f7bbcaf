using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads an item's <c>configuration</c>, but for its layers.</summary>
/// <remarks>Source: facts on AosEdge, d.2.</remarks>
internal static class ServiceSettingsReader
{
    private const int MostInstances = 64;
    private const int HighestPriority = 999_999;

    public static ServiceSettings Read(YamlFields configuration, SemanticVersion? version)
    {
        var settings = new ServiceSettings
        {
            Command = Command(configuration),
            WorkingDirectory = configuration.Text("workingDir"),
            Environment = Environment(configuration),
        };
        if (configuration.Fields("instances", "the instances part") is { } instances)
        {
            settings = settings with
            {
                Instances = (int)(instances.Integer("minInstances", 1, MostInstances) ?? settings.Instances),
                Priority = (int)(instances.Integer("priority", 0, HighestPriority) ?? settings.Priority),
            };
            instances.Accept("labels");
            instances.Close();
        }
        if (configuration.Boolean("skipResourceLimits") == true && version is { IsPreRelease: false })
            configuration.Refuse("skipResourceLimits", $"Resource limits cannot be skipped: {version} is not a pre-release. Remove the key, or write {version}-test.1 as version.");
        configuration.Accept(
            "balancingPolicy", "baseLayerIsNodeRootfs", "hostname", "exposedPorts", "runtimes", "runners", "runParameters", "offlineTTL",
            "resources", "devices", "allowedConnections", "quotas", "requestedResources", "alertRules", "permissions", "state", "sysctl", "layers");
        return settings;
    }

    /// <summary><c>cmd</c>: a text of shell words, or a list of words that is made one.</summary>
    internal static string? Command(YamlFields fields) => fields.Node("cmd") is YamlSequence
        ? string.Join(' ', fields.Texts("cmd").Select(Quoted))
        : fields.Text("cmd");

    /// <summary><c>env</c>: a list of <c>KEY=value</c>, or a mapping.</summary>
    internal static EquatableList<string> Environment(YamlFields fields)
    {
        if (fields.Node("env") is YamlMapping map)
            return map.Entries.Select(e => $"{e.Key.Value}={(e.Value as YamlScalar)?.Value}").ToEquatableList();
        var entries = fields.Texts("env");
        if (entries.FirstOrDefault(e => e.IndexOf('=', StringComparison.Ordinal) <= 0) is { } bad)
            fields.Refuse("env", $"'{Quote.Short(bad)}' is no environment variable; write KEY=value.");
        return entries;
    }

    private static string Quoted(string word) => word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=@%+,".Contains(c, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
