using System.Text;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>The text of a <c>target.yaml</c> that a person goes on with.</summary>
/// <param name="Name">The target's.</param>
/// <param name="RootFs">As it stands in the file.</param>
/// <param name="Architecture">OCI's name.</param>
internal sealed record TargetText(string Name, string RootFs, string Architecture)
{
    /// <summary>Which image of an OCI layout is meant; null for the only one.</summary>
    public string? Image { get; init; }

    /// <summary>What the base has to be; null to leave that open.</summary>
    public Digest? Identity { get; init; }

    /// <summary>The suite of the Debian archive that packages come from; null for what the base hints at.</summary>
    public string? Suite { get; init; }

    /// <summary>The document for a base of which this is known.</summary>
    public string Of(BaseFacts facts)
    {
        var text = new StringBuilder("# What layers are built for: a base root file system, its platform, and where packages come from.\nschemaVersion: 1\n");
        text.Append($"name: {Name}\nrootfs: {Quoted(RootFs)}\n");
        if (Image is not null) text.Append($"image: {Quoted(Image)}\n");
        if (Identity is { } identity) text.Append($"# What the base has to be; take the line out for a base that still changes.\nidentity: {identity}\n");
        text.Append($"architecture: {Architecture}\nos: linux\n");
        if ((facts.Version ?? Suite) is { } version) text.Append($"osVersion: {Quoted(version)}\n");
        text.Append("features: []\n");
        text.Append(Suite is { } suite ? $"feeds:\n  - type: debian\n    suite: {suite}\n" : Hint(facts.Packages));
        text.Append("# Top folders of the base that services see on a unit.\n");
        text.Append($"visible: [{string.Join(", ", Target.DefaultVisible.Where(v => facts.TopFolders.Contains(v) || facts.TopLinks.ContainsKey(v)))}]\n");
        if (Suite is not null) text.Append(DebianNames);
        return text.ToString();
    }

    private static string Hint(PackageManager manager) => manager switch
    {
        PackageManager.Dpkg => Hint("dpkg", "deb"),
        PackageManager.Opkg => Hint("opkg", "ipk"),
        PackageManager.Rpm => Hint("rpm", "rpm"),
        _ => "# The base has no package database that is known, so layers for it are packed from trees: strata layer diff.\nfeeds: []\n",
    };

    private static string Hint(string manager, string type) =>
        $"# The base was made with {manager}. Packages come from a folder of them, as an image build leaves it:\n# feeds:\n#   - type: {type}\n#     path: deploy/{type}\nfeeds: []\n";

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private const string DebianNames = """
        # What this feed calls a package that recipes call otherwise.
        names:
          python3-modules: python3
          python3-pyyaml: python3-yaml
          python3-websocket-client: python3-websocket
          python3-pyserial: python3-serial
          python3-pyjwt: python3-jwt

        """;
}
