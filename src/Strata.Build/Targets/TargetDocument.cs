using System.Text.Json.Serialization;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>What the hub is told of a target: the payload of the signed document that <c>target publish</c> sends.</summary>
/// <remarks>Source: docs/formats/target.md; decision 9.</remarks>
public sealed record TargetDocument(
    string Name, Digest Identity, Platform Platform, EquatableList<string> Visible, EquatableList<TargetPackage> Packages)
{
    /// <summary>Counts up whenever the document's meaning changes.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The document of a target whose base is open.</summary>
    public static TargetDocument Of(Target target, BaseTree tree) => new(
        target.Name, tree.Identity, target.Platform, target.Visible,
        [.. tree.Packages().Select(p => new TargetPackage(p.Name, p.Version, p.Architecture))]);
}

/// <summary>A package that the base has.</summary>
public sealed record TargetPackage(string Name, string Version, string Architecture);

/// <summary>JSON of a target; what is signed is written by <see cref="CanonicalJson"/>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(DigestConverter), typeof(PlatformConverter), typeof(EquatableListConverter<string>), typeof(EquatableListConverter<TargetPackage>)])]
[JsonSerializable(typeof(TargetDocument))]
[JsonSerializable(typeof(TargetPackage[]))]
[JsonSerializable(typeof(string[]))]
public sealed partial class TargetJson : JsonSerializerContext;
