using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Hub.Browsing;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>A version's archive for one platform.</summary>
/// <param name="Size">Bytes of the file.</param>
/// <param name="UnpackedSize">Bytes of its regular files.</param>
/// <param name="Parent">The published layer version that it was built on; null when that was the base, is not published, or is not the reader's to see.</param>
/// <param name="Shared">What of its content others bring, too; empty when nobody can tell.</param>
/// <param name="SavedOnUnits">Bytes that units need not store, because several of their services share it: unpacked size × (services − 1), over all units.</param>
/// <param name="Documents">What can be downloaded below <c>documents/</c>.</param>
public sealed record LayerImageDocument(
    Platform Platform,
    Digest Digest,
    DiffId DiffId,
    string MediaType,
    long Size,
    long UnpackedSize,
    LayerReference? Parent,
    SharedContentDocument[] Shared,
    long SavedOnUnits,
    SideDocument[] Documents);

/// <summary>How much of a version's content another layer version has.</summary>
/// <param name="Owner">Of the other layer.</param>
/// <param name="Codename">Of the other layer.</param>
/// <param name="Version">Of the other layer: the one before it, or its parent's.</param>
/// <param name="Size">Bytes of those files whose content stands in the other, too, wherever and under whatever name.</param>
public sealed record SharedContentDocument(string Owner, string Codename, string Version, long Size);

/// <summary>A library of a version.</summary>
/// <param name="Type"><c>deb</c>, <c>opkg</c>, <c>rpm</c>, <c>python</c>, <c>npm</c>, <c>elf</c>.</param>
/// <param name="Files">How many of the layer's files belong to it.</param>
public sealed record LibraryDocument(string Type, string Name, string Version, string? License, string? Purl, string? Package, int Files, string[] Sonames);

/// <summary>An entry of a version's archive, as <c>files.json</c> has it.</summary>
public sealed record FileDocument(
    string Path, string Kind, string? Mode, uint? Uid, uint? Gid, long? Size, string? Sha256, string? LinkTarget, string? Device, string? Package);

/// <summary>A dynamic symbol.</summary>
/// <param name="File">Path of the ELF file.</param>
/// <param name="Symbol">As <c>nm -D</c> writes it.</param>
/// <param name="IsDefined">The file gives it; otherwise it takes it from another.</param>
public sealed record SymbolDocument(string File, string? Soname, string Symbol, bool IsDefined);

/// <summary>A service version that uses a layer version.</summary>
/// <param name="Layer">The layer's version.</param>
/// <param name="Units">System ids of the units that shall have it or report it; only those that the reader may see.</param>
/// <param name="How"><c>unit</c>: on a unit, seen by the reader or not; <c>image</c>: an image with it was composed; <c>need</c>: its needs lead to it. Needs are told of one version only.</param>
public sealed record LayerUserDocument(Guid ServiceId, string Codename, string Owner, string Version, string Layer, string[] Units, string[] How);

/// <summary>A layer or a service.</summary>
/// <param name="Kind"><c>layer</c> or <c>service</c>.</param>
public sealed record GraphNodeDocument(Guid Id, string Kind, string Codename, string Owner);

/// <summary>One stands on the other.</summary>
/// <param name="From">The upper one.</param>
/// <param name="To">The lower one.</param>
/// <param name="Kind"><c>parent</c>: it was built on it; <c>uses</c>: a service that has it on a unit.</param>
public sealed record GraphEdgeDocument(Guid From, Guid To, string Kind);

/// <summary>What a layer stands on and what stands on it, by the newest version of each.</summary>
/// <param name="More">How many edges are left out.</param>
public sealed record LayerGraphDocument(GraphNodeDocument[] Nodes, GraphEdgeDocument[] Edges, int More);

/// <summary>One side of a comparison.</summary>
public sealed record ComparedSideDocument(string Version, Digest Digest, DiffId DiffId, long Size, long UnpackedSize, int Entries);

/// <summary>What differs between two versions of a layer on one platform.</summary>
/// <param name="Needed">The version step that the changes ask for: <c>patch</c>, <c>minor</c>, <c>major</c>.</param>
/// <param name="Libraries">The part that <c>limit</c> and <c>offset</c> ask for; so in the other lists.</param>
public sealed record LayerComparisonDocument(
    Guid Id,
    string Codename,
    string Owner,
    string Platform,
    ComparedSideDocument From,
    ComparedSideDocument To,
    string Needed,
    Page<LibraryChangeDocument> Libraries,
    Page<PathChangeDocument> Paths,
    Page<SymbolChangeDocument> Symbols);

/// <summary>A library that is new, gone or in another version.</summary>
public sealed record LibraryChangeDocument(string Type, string Name, string? Old, string? New, string Needs);

/// <summary>A path that differs.</summary>
/// <param name="What"><c>added</c>, <c>removed</c>, <c>content</c>, <c>rights</c>, <c>kind</c>, <c>target</c>.</param>
public sealed record PathChangeDocument(string Path, string What, string Needs);

/// <summary>A name that others link to, gone or new.</summary>
/// <param name="Symbol">Null when the whole shared object is.</param>
public sealed record SymbolChangeDocument(string Soname, string? Symbol, string What, string Needs);

/// <summary>JSON of what is in layers, snake_case as everywhere in the API.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(DigestConverter), typeof(DiffIdConverter), typeof(PlatformConverter)])]
[JsonSerializable(typeof(LibraryDocument))]
[JsonSerializable(typeof(Page<LibraryDocument>))]
[JsonSerializable(typeof(Page<FileDocument>))]
[JsonSerializable(typeof(Page<SymbolDocument>))]
[JsonSerializable(typeof(Page<LayerUserDocument>))]
[JsonSerializable(typeof(Page<LayerVersionEntry>))]
[JsonSerializable(typeof(LayerGraphDocument))]
[JsonSerializable(typeof(LayerComparisonDocument))]
[JsonSerializable(typeof(SearchDocument))]
internal sealed partial class LayerApiJson : JsonSerializerContext;
