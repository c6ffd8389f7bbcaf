using System.Text.Json.Serialization;
using Strata.Artifacts.Json;
using Strata.Model.Identity;

namespace Strata.Hub.Garbage;

/// <summary>One blob and what becomes of it.</summary>
/// <param name="Fate"><c>kept</c>, <c>waiting</c> or <c>removed</c>.</param>
/// <param name="Reason">What names it, or for how long nothing did.</param>
public sealed record GarbageBlobDocument(Digest Digest, long Size, DateTimeOffset StoredAt, string Fate, string Reason);

/// <summary>Blobs of one fate together.</summary>
public sealed record GarbageSumDocument(int Blobs, long Bytes);

/// <summary>What a collection did, or would do now.</summary>
/// <param name="GraceSeconds">For so long nothing must have named a blob before it goes.</param>
/// <param name="Items">The part that was asked for, ordered by digest: without <c>kept=true</c> only what nothing names.</param>
/// <param name="Total">How many items there are in all.</param>
public sealed record GarbageDocument(
    bool DryRun, long GraceSeconds, GarbageSumDocument Kept, GarbageSumDocument Waiting, GarbageSumDocument Removed, GarbageBlobDocument[] Items, int Total, int Offset);

/// <summary>JSON of garbage, snake_case as everywhere in the API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, Converters = [typeof(DigestConverter)])]
[JsonSerializable(typeof(GarbageDocument))]
internal sealed partial class GarbageJson : JsonSerializerContext;
