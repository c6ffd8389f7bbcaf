using System.Globalization;
using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads quotas, requested resources, alert rules and times of a service's configuration.</summary>
/// <remarks>Source: facts on AosEdge, d.2. Amounts may be written as numbers or as texts with a unit.</remarks>
internal sealed class ServiceLimitsReader(YamlFields configuration, MistakeList mistakes)
{
    private const long MostCount = 1L << 40;
    private static readonly string[] PercentRules = ["ram", "cpu", "storage"];
    private static readonly string[] RateRules = ["upload", "download"];

    public Quotas? Quotas()
    {
        if (configuration.Fields("quotas", "the quotas") is not { } quotas) return null;
        var read = new Quotas
        {
            Cpu = Count(quotas, "cpuLimit"),
            Ram = Bytes(quotas, "ramLimit"),
            Storage = Bytes(quotas, "storageLimit"),
            State = Bytes(quotas, "stateLimit"),
            Temporary = Bytes(quotas, "tmpLimit"),
            UploadSpeed = Either(quotas, "uploadSpeed", "uploadSpeedLimit"),
            DownloadSpeed = Either(quotas, "downloadSpeed", "downloadSpeedLimit"),
            Upload = Bytes(quotas, "uploadLimit"),
            Download = Bytes(quotas, "downloadLimit"),
            OpenFiles = Count(quotas, "noFileLimit"),
            Processes = Count(quotas, "pidsLimit"),
        };
        quotas.Close();
        return read;
    }

    public RequestedResources? Requested()
    {
        if (configuration.Fields("requestedResources", "the requested resources") is not { } requested) return null;
        var read = new RequestedResources(Count(requested, "cpu"), Bytes(requested, "ram"), Bytes(requested, "storage"), Bytes(requested, "state"));
        requested.Close();
        return read;
    }

    public RunParameters? RunParameters()
    {
        if (configuration.Fields("runParameters", "the run parameters") is not { } run) return null;
        var read = new RunParameters(Time(run, "startInterval"), (int?)run.Integer("startBurst", 0, int.MaxValue), Time(run, "restartInterval"));
        run.Close();
        return read;
    }

    public EquatableList<AlertRule> AlertRules()
    {
        if (configuration.Fields("alertRules", "the alert rules") is not { } rules) return [];
        var read = new List<AlertRule>();
        foreach (var name in PercentRules)
            if (Alert(rules, name, 100) is { } rule) read.Add(rule);
        foreach (var name in RateRules)
            if (Alert(rules, name, MostCount) is { } rule) read.Add(rule);
        rules.Close();
        return read.OrderBy(r => r.Name, StringComparer.Ordinal).ToEquatableList();
    }

    /// <summary>A duration; null when absent or refused.</summary>
    public static TimeSpan? Time(YamlFields fields, string key) => Amount(fields, key, fields.Text(key), Amounts.Time);

    private static AlertRule? Alert(YamlFields rules, string name, double most)
    {
        if (rules.Fields(name, $"the alert rule '{name}'") is not { } fields) return null;
        var time = Amount(fields, "minTimeout", fields.RequiredText("minTimeout"), Amounts.Time);
        var (lower, upper) = (Threshold(fields, "minThreshold", most), Threshold(fields, "maxThreshold", most));
        fields.Close();
        if (lower > upper) fields.Refuse("minThreshold", string.Create(CultureInfo.InvariantCulture, $"minThreshold is {lower}, above maxThreshold, {upper}; an alert begins above the one and ends below the other."));
        return time is { } t && lower is { } l && upper is { } u ? new(name, t, l, u) : null;
    }

    private static double? Threshold(YamlFields fields, string key, double most)
    {
        if (fields.RequiredText(key) is not { } text) return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= most) return number;
        fields.Refuse(key, string.Create(CultureInfo.InvariantCulture, $"'{key}' must be a number from 0 to {most}, not '{Quote.Short(text)}'."));
        return null;
    }

    private static long? Count(YamlFields fields, string key) => fields.Integer(key, 0, MostCount);

    private static long? Bytes(YamlFields fields, string key) => Amount(fields, key, fields.Text(key), Amounts.Bytes);

    /// <summary>A speed under the name of the schema, or the one that other tools write.</summary>
    private long? Either(YamlFields fields, string key, string other)
    {
        if (fields.Has(key) && fields.Has(other)) mistakes.Add(fields.MarkOf(other), $"'{other}' says what '{key}' says; keep '{key}'.");
        var written = fields.Has(key) ? key : other;
        return Amount(fields, written, fields.Text(written), Amounts.Speed);
    }

    private static T? Amount<T>(YamlFields fields, string key, string? text, Func<string, (T? Value, string? Problem)> parse) where T : struct
    {
        if (text is null) return null;
        var (value, problem) = parse(text);
        if (problem is not null) fields.Refuse(key, $"{key}: {problem}");
        return value;
    }
}
