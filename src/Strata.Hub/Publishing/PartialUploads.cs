using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Store;
using Strata.Store.Files;

namespace Strata.Hub.Publishing;

/// <summary>An upload that is not whole yet.</summary>
/// <param name="Length">Bytes that it will have.</param>
internal sealed record PartialUpload(Guid Id, string User, ClientRole Role, string Owner, Guid OwnerId, string? Kid, long Length, string? IdempotencyKey, DateTimeOffset BegunAt)
{
    /// <summary>The user's name at a provider of OpenID Connect; null for all others.</summary>
    public string? Subject { get; init; }

    /// <summary>Whose it is.</summary>
    public Caller Caller => new(User, Role, Owner, OwnerId, Kid) { Subject = Subject };
}

/// <summary>JSON of what is kept beside the bytes.</summary>
[JsonSerializable(typeof(PartialUpload))]
internal sealed partial class PartialUploadJson : JsonSerializerContext;

/// <summary>Uploads that arrive in pieces, and survive whatever ends a piece: the sender, the way, or this hub.</summary>
/// <remarks>How far one has come is the length of its file. What nobody goes on with is removed after <see cref="Lifetime"/>.</remarks>
internal sealed class PartialUploads(HubOptions options, HubFiles files, UploadRoom room, BundleInbox inbox, TimeProvider clock) : IDisposable
{
    /// <summary>Uploads of one owner at a time.</summary>
    public const int MostOfOneOwner = 16;

    private const int Buffer = 256 * 1024;

    // Counting what is open and opening one more is one step, or many at once would all find room.
    private readonly SemaphoreSlim _begin = new(1, 1);

    /// <summary>How long after its last byte an upload may be gone on with.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Begins one.</summary>
    /// <returns>Null when its owner has too many.</returns>
    /// <exception cref="SpaceExhaustedException">It would not fit on the disk.</exception>
    public async Task<PartialUpload?> BeginAsync(Caller caller, long length, string? idempotencyKey, CancellationToken cancellation)
    {
        await _begin.WaitAsync(cancellation);
        try
        {
            return await BeginAloneAsync(caller, length, idempotencyKey, cancellation);
        }
        finally
        {
            _begin.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _begin.Dispose();

    private async Task<PartialUpload?> BeginAloneAsync(Caller caller, long length, string? idempotencyKey, CancellationToken cancellation)
    {
        Sweep();
        if (All().Count(u => u.Owner == caller.Owner) >= MostOfOneOwner) return null;
        var upload = new PartialUpload(Guid.NewGuid(), caller.Name, caller.Role, caller.Owner, caller.OwnerId, caller.Kid, length, idempotencyKey, clock.GetUtcNow()) { Subject = caller.Subject };
        room.Promise(Content(upload.Id), caller.Owner, length);
        try
        {
            await using (File.Create(Content(upload.Id)))
            {
            }
            // Its description last: what has none is none, and is swept.
            var partial = Description(upload.Id) + ".new";
            await File.WriteAllBytesAsync(partial, JsonSerializer.SerializeToUtf8Bytes(upload, PartialUploadJson.Default.PartialUpload), cancellation);
            File.Move(partial, Description(upload.Id));
            return upload;
        }
        catch
        {
            Remove(upload.Id);
            throw;
        }
    }

    /// <summary>An upload that is not whole yet; null when there is none.</summary>
    public PartialUpload? Find(Guid id)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Description(id)), PartialUploadJson.Default.PartialUpload);
        }
        catch (Exception none) when (none is FileNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Bytes that are here.</summary>
    public long Offset(Guid id) => new FileInfo(Content(id)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Adds a piece; what arrived before it broke off stays.</summary>
    /// <returns>Bytes that are here now; null when another piece is arriving, or this one does not begin where the last ended.</returns>
    /// <exception cref="ContentTooLargeException">There is more than was promised; the piece is not kept.</exception>
    /// <exception cref="SpaceExhaustedException">The disk is full.</exception>
    public async Task<long?> AppendAsync(PartialUpload upload, long offset, Stream piece, CancellationToken cancellation)
    {
        if (TryOpen(upload.Id) is not { } file) return null;
        await using (file)
        {
            if (file.Length != offset) return null;
            file.Position = offset;
            try
            {
                await using var bounded = new BoundedStream(piece, upload.Length - offset, "The upload", leaveOpen: true);
                await bounded.CopyToAsync(file, Buffer, cancellation);
            }
            catch (ContentTooLargeException)
            {
                file.SetLength(offset);
                throw;
            }
            catch (IOException full) when (SpaceExhaustedException.IsMeantBy(full))
            {
                throw new SpaceExhaustedException(options.Data, upload.Length, full);
            }
            finally
            {
                file.Flush(flushToDisk: true);
            }
            return file.Length;
        }
    }

    /// <summary>Makes a whole upload a bundle, under the upload's own id.</summary>
    public async Task<Receipt> CompleteAsync(PartialUpload upload, CancellationToken cancellation)
    {
        ContentHashes hashes;
        await using (var hashed = new HashingStream(File.OpenRead(Content(upload.Id))))
        {
            await hashed.CopyToAsync(Stream.Null, Buffer, cancellation);
            hashes = hashed.Current();
        }
        room.Release(Content(upload.Id)); // it is filled, and is to be moved away
        var receipt = await inbox.KeepAsync(upload.Id, Content(upload.Id), hashes, upload.Caller, upload.IdempotencyKey);
        Remove(upload.Id);
        return receipt;
    }

    /// <summary>Makes bundles of what was whole when the hub ended, and keeps the room of the others. Called before anything is judged.</summary>
    public async Task RecoverAsync(CancellationToken cancellation)
    {
        Sweep();
        foreach (var upload in All().ToList())
        {
            if (Offset(upload.Id) == upload.Length) await CompleteAsync(upload, cancellation);
            else room.Renew(Content(upload.Id), upload.Owner, upload.Length);
        }
    }

    /// <summary>Forgets an upload.</summary>
    public void Remove(Guid id)
    {
        File.Delete(Description(id));
        File.Delete(Content(id));
        room.Release(Content(id));
    }

    /// <summary>Removes what nobody went on with, and what a crash left without a description.</summary>
    public void Sweep()
    {
        var now = clock.GetUtcNow();
        foreach (var file in Directory.EnumerateFiles(files.Uploads))
        {
            if (now - File.GetLastWriteTimeUtc(file) < Lifetime) continue;
            if (Guid.TryParse(Path.GetFileNameWithoutExtension(file), out var id) && now - File.GetLastWriteTimeUtc(Content(id)) < Lifetime && File.Exists(Content(id))) continue;
            File.Delete(file);
            room.Release(file);
        }
    }

    private IEnumerable<PartialUpload> All() => Directory.EnumerateFiles(files.Uploads, "*.json")
        .Select(f => Guid.TryParse(Path.GetFileNameWithoutExtension(f), out var id) ? Find(id) : null).OfType<PartialUpload>();

    private FileStream? TryOpen(Guid id)
    {
        try
        {
            return new(Content(id), FileMode.Open, FileAccess.ReadWrite, FileShare.Read, Buffer);
        }
        catch (IOException) // somebody else writes, or it became a bundle meanwhile
        {
            return null;
        }
    }

    private string Content(Guid id) => Path.Combine(files.Uploads, $"{id:N}.part");

    private string Description(Guid id) => Path.Combine(files.Uploads, $"{id:N}.json");
}
