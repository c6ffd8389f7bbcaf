namespace Strata.Agent;

/// <summary>What the agent was told on its command line.</summary>
/// <param name="Root">Everything it writes is beneath this folder; one agent a root.</param>
/// <param name="Cleanup">Only end what an earlier agent left here.</param>
internal sealed record AgentOptions(string Root, bool Cleanup)
{
    /// <summary>How it is called.</summary>
    public const string Usage = """
        strata-agent --root DIR --cert UNIT.p12 --ca FLEET-ROOT.crt --base ROOTFS
                     [--visible bin,sbin,lib,lib64,usr] [--discovery URL] [--runtime crun]
        strata-agent --root DIR cleanup
        """;

    private static readonly string[] DefaultVisible = ["bin", "sbin", "lib", "lib64", "usr"];
    private static readonly string[] Known = ["--root", "--cert", "--ca", "--base", "--visible", "--discovery", "--runtime"];

    /// <summary>PKCS #12 of the unit, empty password.</summary>
    public string Certificate { get; private init; } = "";

    /// <summary>PEM of the fleet root.</summary>
    public string FleetRoot { get; private init; } = "";

    /// <summary>The base root file system under every service; never written to.</summary>
    public string Base { get; private init; } = "";

    /// <summary>Top entries of the base that services see.</summary>
    public IReadOnlySet<string> Visible { get; private init; } = DefaultVisible.ToHashSet(StringComparer.Ordinal);

    /// <summary>Where the hub is asked for; null for what the certificate says.</summary>
    public Uri? Discovery { get; private init; }

    /// <summary>The OCI runtime.</summary>
    public string Runtime { get; private init; } = "crun";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is wrong; the message lists every mistake.</exception>
    public static AgentOptions Parse(IReadOnlyList<string> arguments)
    {
        var mistakes = new List<string>();
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var cleanup = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "cleanup") cleanup = true;
            else if (!Known.Contains(arguments[i])) mistakes.Add($"'{arguments[i]}' is not known.");
            else if (i + 1 == arguments.Count) mistakes.Add($"{arguments[i]} needs a value.");
            else if (arguments[i + 1].Length == 0) mistakes.Add($"{arguments[i++]} is empty.");
            else given[arguments[i]] = arguments[++i];
        }
        foreach (var required in cleanup ? Known[..1] : Known[..4])
            if (!given.ContainsKey(required)) mistakes.Add($"{required} is missing.");
        Uri? discovery = null;
        if (given.TryGetValue("--discovery", out var url) && !(Uri.TryCreate(url, UriKind.Absolute, out discovery) && discovery.Scheme == Uri.UriSchemeHttps))
            mistakes.Add("--discovery takes an https address.");
        if (!cleanup && given.TryGetValue("--base", out var rootfs) && !Directory.Exists(rootfs)) mistakes.Add($"--base: '{rootfs}' is no folder.");
        foreach (var file in new[] { "--cert", "--ca" })
            if (!cleanup && given.TryGetValue(file, out var path) && !File.Exists(path)) mistakes.Add($"{file}: '{path}' is no file.");
        if (given.TryGetValue("--visible", out var names))
            mistakes.AddRange(Names(names).Where(n => n is "." or ".." || n.Contains('/', StringComparison.Ordinal)).Select(n => $"--visible: '{n}' is no top folder; write names such as usr, without slashes."));
        if (mistakes.Count == 0 && !cleanup && !VisibleOf(given).Any(name => Path.Exists(Path.Combine(given["--base"], name))))
            mistakes.Add($"--base: '{given["--base"]}' holds none of {string.Join(", ", VisibleOf(given))}; it is no root file system.");
        if (mistakes.Count > 0) throw new FormatException(string.Join('\n', mistakes));

        var options = new AgentOptions(Path.GetFullPath(given["--root"]).TrimEnd('/'), cleanup);
        if (cleanup) return options;
        return options with
        {
            Certificate = given["--cert"],
            FleetRoot = given["--ca"],
            Base = Path.GetFullPath(given["--base"]).TrimEnd('/'),
            Visible = VisibleOf(given).ToHashSet(StringComparer.Ordinal),
            Discovery = discovery,
            Runtime = given.GetValueOrDefault("--runtime", options.Runtime),
        };
    }

    private static string[] VisibleOf(Dictionary<string, string> given) => given.TryGetValue("--visible", out var names) ? Names(names) : DefaultVisible;

    private static string[] Names(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
