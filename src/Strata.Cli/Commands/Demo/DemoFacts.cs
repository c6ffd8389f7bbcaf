using Strata.Model.Layers;

namespace Strata.Cli.Commands.Demo;

/// <summary>What the demo must have brought about, each judged by what the witness sees.</summary>
internal static class DemoFacts
{
    private const string SharedFile = "/usr/lib/python3/dist-packages/six.py";

    private static readonly (string Service, string[] Layers, string[] Libraries)[] Expected =
    [
        ("numbers", ["numlibs 1.0.0", "pylibs 1.0.0"], ["aiohttp", "numpy", "PyYAML", "requests", "six", "websocket-client"]),
        ("planner", ["pylibs 1.1.0"], ["aiohttp", "msgpack", "PyYAML", "requests", "six", "websocket-client"]),
        ("weather", ["pylibs 1.1.0"], ["aiohttp", "msgpack", "PyYAML", "requests", "six", "websocket-client"]),
    ];

    /// <summary>The facts in a fixed order.</summary>
    public static IReadOnlyList<WitnessedFact> Of(UnitWitness witness, IReadOnlyCollection<LayerDescription> built) =>
    [
        .. Expected.Select(e => Mounted(witness, e.Service, e.Layers)),
        .. Expected.Select(e => Imported(witness, e.Service, e.Libraries)),
        .. witness.SharedFile(SharedFile),
        SameInode(witness),
        Untaken(witness, built),
    ];

    private static WitnessedFact Mounted(UnitWitness witness, string service, string[] layers)
    {
        var seen = witness.Containers.Where(c => c.Service == service).Select(witness.LayersOf).FirstOrDefault();
        return new($"{service} runs over {string.Join(" over ", layers)}", seen is not null && seen.SequenceEqual(layers), seen is null ? "no process of it is there" : $"its mount shows {string.Join(" over ", seen)}");
    }

    private static WitnessedFact Imported(UnitWitness witness, string service, string[] libraries)
    {
        var report = witness.Reports.SingleOrDefault(r => r.Service == service);
        var missing = libraries.Where(l => report?.Libraries.ContainsKey(l) != true).ToList();
        return new(
            $"{service} imported the libraries of its layers",
            missing.Count == 0,
            missing.Count == 0
                ? string.Join(", ", report!.Libraries.Select(l => $"{l.Key} {l.Value}"))
                : $"missing {string.Join(", ", missing)}");
    }

    private static WitnessedFact SameInode(UnitWitness witness)
    {
        var inodes = witness.Reports.Where(r => r.Service is "planner" or "weather").Select(r => r.Inode).ToList();
        return new("planner and weather see one and the same file", inodes.Count == 2 && inodes[0] == inodes[1], $"inodes {string.Join(" and ", inodes)}");
    }

    private static WitnessedFact Untaken(UnitWitness witness, IReadOnlyCollection<LayerDescription> built)
    {
        var next = built.Single(l => l is { Codename: "pylibs", Version.Major: 2 });
        var there = witness.Layers.Any(l => l.DiffId == next.Archive.DiffId);
        return new("Nothing took pylibs 2.0.0", !there, there ? "it is in the unit's store" : "it is not in the unit's store");
    }
}
