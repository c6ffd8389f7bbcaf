using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Demo;

/// <summary>What a run of the demo came to.</summary>
/// <param name="Ok">Everything that had to be seen was seen.</param>
/// <param name="LayerCache">Layers were built <c>anew</c> or came from the <c>cache</c>.</param>
/// <param name="BytesStored">Disk space of the unit's layers.</param>
/// <param name="BytesSaved">What a copy of each layer for each of its users would take beyond that.</param>
/// <param name="Seconds">The whole run.</param>
/// <param name="Portal">Address of the portal's layer list, when hub and unit were left running.</param>
internal sealed record DemoReport(
    bool Ok,
    string LayerCache,
    IReadOnlyList<DemoStep> Steps,
    IReadOnlyList<WitnessedLayer> Layers,
    IReadOnlyList<ServiceReport> Services,
    IReadOnlyList<WitnessedFact> Facts,
    long BytesStored,
    long BytesSaved,
    double Seconds,
    string? Portal)
{
    /// <summary>The table for people.</summary>
    public void Write(TextWriter text)
    {
        text.WriteLine();
        text.WriteLine("Layers on the unit");
        foreach (var layer in Layers)
            text.WriteLine($"  {layer.Layer,-28} {Megabytes(layer.Bytes),10}  saved {Megabytes(layer.Saved),10}  used by {(layer.Users.Count == 0 ? "nobody" : string.Join(", ", layer.Users))}");
        text.WriteLine($"  {"stored",-28} {Megabytes(BytesStored),10}  saved {Megabytes(BytesSaved),10}");
        text.WriteLine();
        text.WriteLine($"Time (layers {(LayerCache == "cache" ? "from the cache" : "built anew")})");
        foreach (var step in Steps) text.WriteLine($"  {step.Name,-62} {step.Seconds,7:0.0} s");
        text.WriteLine($"  {"in all",-62} {Seconds,7:0.0} s");
        text.WriteLine();
        text.WriteLine("Seen in mounts, /proc and the store");
        foreach (var fact in Facts) text.WriteLine($"  {(fact.Seen ? "yes" : "NO ")} {fact.What}: {fact.Detail}");
        if (Portal is not null) text.WriteLine($"\nHub and unit are left running. The portal's layer list: {Portal}");
    }

    private static string Megabytes(long bytes) => $"{bytes / 1_000_000.0:0.0} MB";
}

/// <summary>One step with the wall-clock time it took.</summary>
internal sealed record DemoStep(string Name, double Seconds);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(DiffIdConverter)])]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
