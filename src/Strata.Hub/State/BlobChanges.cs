using Strata.Model.Identity;

namespace Strata.Hub.State;

/// <summary>Blobs that nothing names any more are given up. Their content is deleted after this is durable: a crash in between leaves files, never names without content.</summary>
internal sealed record BlobsRemoved(EquatableList<Digest> Digests) : Change;
