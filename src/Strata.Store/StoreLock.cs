using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Strata.Artifacts.Tar;
using Strata.Store.Files;

namespace Strata.Store;

/// <summary>Held by the one process that writes to a store directory; the kernel lets go of it when the process ends, however it ends.</summary>
public sealed class StoreLock : IDisposable
{
    private readonly string _root;
    private int _file;

    private StoreLock(string root, int file) => (_root, _file) = (root, file);

    /// <summary>The store's directory.</summary>
    public string Root => _file >= 0 ? _root : throw new ObjectDisposedException(nameof(StoreLock));

    /// <summary>Takes the store at <paramref name="root"/>, which is made if it is not there.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static unsafe StoreLock Acquire(string root)
    {
        var path = Path.Combine(Directory.CreateDirectory(root).FullName, "lock");
        fixed (byte* bytes = ByteText.ToBytes(path + '\0'))
        {
            const int ReadWrite = 2;
            var file = LibC.OpenAt(LibC.AtCurrentDirectory, bytes, ReadWrite | LibC.Create | LibC.CloseOnExec, 0x180);
            if (file < 0) throw new PosixException("open", path, Marshal.GetLastPInvokeError());
            if (LibC.Flock(file, LibC.LockExclusive | LibC.LockNonBlocking) != 0)
            {
                var error = Marshal.GetLastPInvokeError();
                var holder = Holder(file);
                LibC.Close(file);
                throw error == LibC.WouldBlock ? new StoreInUseException(root, holder) : new PosixException("flock", path, error);
            }
            var held = new StoreLock(Path.GetDirectoryName(path)!, file);
            held.WriteProcessId();
            return held;
        }
    }

    /// <summary>Gives the store up.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _file, -1) is >= 0 and var file) LibC.Close(file);
    }

    private unsafe void WriteProcessId()
    {
        var text = Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n");
        // Only for the message that another process shows: if the disk is full, the lock holds all the same.
        if (LibC.Truncate(_file, 0) != 0) return;
        fixed (byte* bytes = text) _ = LibC.Write(_file, bytes, (nuint)text.Length);
    }

    private static unsafe int? Holder(int file)
    {
        var buffer = stackalloc byte[16];
        var length = (int)LibC.Read(file, buffer, 16);
        return length > 0 && int.TryParse(Encoding.ASCII.GetString(buffer, length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
    }
}

/// <summary>Another process writes to this store. Stop it, or use another directory.</summary>
/// <param name="processId">Which one; null when it did not say.</param>
public sealed class StoreInUseException(string root, int? processId)
    : IOException($"The store '{root}' is in use by {(processId is { } pid ? $"process {pid}" : "another process")}. Stop that one or name another directory.")
{
    /// <summary>The process that has it; null when it did not say.</summary>
    public int? ProcessId { get; } = processId;
}
