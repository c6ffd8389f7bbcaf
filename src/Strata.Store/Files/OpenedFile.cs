using System.Runtime.InteropServices;
using Strata.Artifacts.Hashing;

namespace Strata.Store.Files;

/// <summary>A file opened through a <see cref="DirectoryHandle"/>: plain reads and writes in sequence.</summary>
public sealed class OpenedFile : IDisposable
{
    private readonly string _folder, _name;
    private int _file;

    internal OpenedFile(int file, string folder, string name) => (_file, _folder, _name) = (file, folder, name);

    // Put together only for a message: there are a hundred thousand files to each that fails.
    private string FullPath => $"{_folder}/{_name}";

    /// <summary>Bytes read into <paramref name="buffer"/>; 0 at the end.</summary>
    /// <exception cref="PosixException">The kernel refused.</exception>
    public unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var read = LibC.Read(_file, bytes, (nuint)buffer.Length);
                if (read >= 0) return (int)read;
                ThrowUnlessInterrupted("read");
            }
        }
    }

    /// <summary>Reads until <paramref name="buffer"/> is full or the file ends; how many bytes came.</summary>
    public int ReadFull(Span<byte> buffer)
    {
        var filled = 0;
        while (filled < buffer.Length && Read(buffer[filled..]) is > 0 and var read) filled += read;
        return filled;
    }

    /// <summary>Writes all of <paramref name="buffer"/>.</summary>
    /// <exception cref="PosixException">The kernel refused; no space is one reason.</exception>
    public unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var written = LibC.Write(_file, bytes + done, (nuint)(buffer.Length - done));
                if (written >= 0) done += (int)written;
                else ThrowUnlessInterrupted("write");
            }
        }
    }

    /// <summary>Makes what was written outlast a power cut.</summary>
    public void Flush()
    {
        if (LibC.Sync(_file) != 0) throw new PosixException("fsync", FullPath, Marshal.GetLastPInvokeError());
    }

    /// <summary>The file as a stream; disposing it closes the file.</summary>
    public Stream AsStream() => new Reading(this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _file, -1) is >= 0 and var file) LibC.Close(file);
    }

    private void ThrowUnlessInterrupted(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error != LibC.Interrupted) throw new PosixException(call, FullPath, error);
    }

    private sealed class Reading(OpenedFile file) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => file.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(file.Read(buffer.Span));
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) file.Dispose();
            base.Dispose(disposing);
        }
    }
}
