using System.Text.Json.Serialization;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Build.Targets;

/// <summary>What the hub is told of a target: the payload of the signed document that <c>target publish</c> sends.</summary>
/// <remarks>Source: docs/formats/target.md; decision 9.</remarks>
public sealed record TargetDocument(
    string Name, Digest Identity, Platform Platform, EquatableList<string> Visible, EquatableList<TargetPackage> Packages)
{
    /// <summary>Counts up whenever the document's meaning changes.</summary>
    public int SchemaVersion { get; init; } = 2;

    /// <summary>The base as one layer archive, whether or not it is published with the document; null in what is only shown.</summary>
    public LayerArchive? Archive { get; init; }

    /// <summary>What is said of the base file by file, ordered by name; sent with this document.</summary>
    public EquatableList<SideDocument> Documents { get; init; } = [];

    /// <summary>The document of a target whose base is open.</summary>
    /// <param name="index">Null for a document that is only shown.</param>
    public static TargetDocument Of(Target target, BaseTree tree, BaseIndex? index) => new(
        target.Name, tree.Identity, target.Platform, target.Visible,
        [.. tree.Packages().Select(p => new TargetPackage(p.Name, p.Version, p.Architecture))])
    {
        Archive = index?.Archive,
        Documents = index?.Documents ?? [],
    };
}

/// <summary>A package that the base has.</summary>
public sealed record TargetPackage(string Name, string Version, string Architecture);

/// <summary>JSON of a target; what is signed is written by <see cref="CanonicalJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(DigestConverter), typeof(PlatformConverter), typeof(DiffIdConverter), typeof(EquatableListConverter<string>), typeof(EquatableListConverter<TargetPackage>), typeof(EquatableListConverter<SideDocument>)])]
[JsonSerializable(typeof(TargetDocument))]
[JsonSerializable(typeof(TargetPackage[]))]
[JsonSerializable(typeof(SideDocument[]))]
[JsonSerializable(typeof(string[]))]
public sealed partial class TargetJson : JsonSerializerContext;
