using System.Runtime.InteropServices;
using Strata.Artifacts.Tar;
using Strata.Model.Identity;

namespace Strata.Store.Files;

/// <summary>A call to the kernel did not succeed. <see cref="Exception.HResult"/> is the error number, as in the framework's own file errors.</summary>
public sealed class PosixException : IOException
{
    internal PosixException(string call, string path, int error)
        : base($"{call} '{Quote.Short(path)}': {Marshal.GetPInvokeErrorMessage(error)}.", error)
    {
        (Call, Path, Error) = (call, path, error);
    }

    /// <summary>What was asked of the kernel: <c>open</c>, <c>chown</c>.</summary>
    public string Call { get; }

    /// <summary>What it was asked for; <see cref="ByteText"/>.</summary>
    public string Path { get; }

    /// <summary>The error number, errno.</summary>
    public int Error { get; }
}
