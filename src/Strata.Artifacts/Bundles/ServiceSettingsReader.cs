using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads an item's <c>configuration</c>, but for its layers.</summary>
/// <remarks>Source: facts on AosEdge, d.2; names of d.1 where they are still met.</remarks>
internal sealed class ServiceSettingsReader(YamlFields configuration, MistakeList mistakes)
{
    private const int MostInstances = 64;
    private const int HighestPriority = 999_999;
    private static readonly string[] Policies = ["enabled", "disabled"];

    public ServiceSettings Read(SemanticVersion? version)
    {
        var limits = new ServiceLimitsReader(configuration, mistakes);
        var rights = new ServiceRightsReader(configuration, mistakes);
        var settings = new ServiceSettings
        {
            Command = Command(configuration),
            WorkingDirectory = configuration.Text("workingDir"),
            Environment = Environment(configuration),
            SkipResourceLimits = SkipsLimits(version),
            IsBalanced = IsBalanced(),
            BaseLayerIsNodeRootfs = configuration.Boolean("baseLayerIsNodeRootfs") ?? true,
            HostName = HostName(),
            ExposedPorts = rights.ExposedPorts(),
            AllowedConnections = rights.AllowedConnections(),
            Runtimes = rights.Runtimes(),
            Resources = rights.Resources(),
            Permissions = rights.Permissions(),
            State = rights.State(),
            KernelParameters = rights.KernelParameters(),
            RunParameters = limits.RunParameters(),
            OfflineTimeToLive = ServiceLimitsReader.Time(configuration, "offlineTTL"),
            DownloadTimeToLive = ServiceLimitsReader.Time(configuration, "downloadTTL"),
            Quotas = limits.Quotas(),
            Requested = limits.Requested(),
            AlertRules = limits.AlertRules(),
        };
        configuration.Accept("layers");
        return Instances(settings);
    }

    private ServiceSettings Instances(ServiceSettings settings)
    {
        if (configuration.Fields("instances", "the instances part") is not { } instances) return settings;
        settings = settings with
        {
            Instances = (int)(instances.Integer("minInstances", 1, MostInstances) ?? settings.Instances),
            Priority = (int)(instances.Integer("priority", 0, HighestPriority) ?? settings.Priority),
            Labels = instances.Texts("labels"),
        };
        instances.Close();
        return settings;
    }

    private bool SkipsLimits(SemanticVersion? version)
    {
        if (configuration.Boolean("skipResourceLimits") != true) return false;
        if (version is { IsPreRelease: false })
            configuration.Refuse("skipResourceLimits", $"Resource limits cannot be skipped: {version} is not a pre-release. Remove the key, or write {version}-test.1 as version.");
        return true;
    }

    private bool IsBalanced()
    {
        var policy = configuration.Text("balancingPolicy");
        if (policy is not (null or "enabled" or "disabled"))
            configuration.Refuse("balancingPolicy", $"'{Quote.Short(policy)}' is no balancing policy{NearestName.Hint(policy, Policies)}; write enabled or disabled.");
        return policy != "disabled";
    }

    private string? HostName()
    {
        if (configuration.Text("hostname") is not { } name) return null;
        if (Amounts.IsHost(name)) return name;
        configuration.Refuse("hostname", $"'{Quote.Short(name)}' is no host name; use letters, digits and hyphens, such as telemetry.");
        return null;
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
