namespace Strata.Artifacts.Inspection;

/// <summary>One regular file of a layer.</summary>
/// <param name="Path">Relative to the root, as <see cref="Tar.ByteText"/>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha1">20 bytes in lower-case hex; SPDX asks for it.</param>
/// <param name="Sha256">32 bytes in lower-case hex.</param>
public sealed record FileRecord(string Path, long Size, string Sha1, string Sha256);
