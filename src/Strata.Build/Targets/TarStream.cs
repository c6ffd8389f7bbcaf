using System.Diagnostics;
using Strata.Artifacts.Compression;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Build.Processes;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>Opens the tar inside a file: plain, gzip, or by the machine's own program what image builds write besides.</summary>
internal static class TarStream
{
    private const int MagicLength = 6;

    /// <summary>Whether these are the first bytes of something that <see cref="OpenAsync"/> unpacks.</summary>
    public static bool IsCompressed(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) || ProgramFor(head) is not null;

    /// <summary>The tar in the file at <paramref name="path"/>, a file of ours or one that was looked at.</summary>
    /// <exception cref="ArchiveRefusedException">Thrown while reading: it is damaged, or a bomb.</exception>
    /// <exception cref="ToolMissingException">The program that unpacks it is not installed.</exception>
    public static async Task<Stream> OpenAsync(string path, ArchiveLimits limits, CancellationToken cancellation)
    {
        var file = File.OpenRead(path);
        try
        {
            var head = new byte[MagicLength];
            var length = await file.ReadAtLeastAsync(head, MagicLength, throwOnEndOfStream: false, cancellation);
            file.Position = 0;
            if (ProgramFor(head.AsSpan(0, length)) is not { } program) return await LayerDecompressor.OpenAsync(file, limits, cancellation);
            await file.DisposeAsync();
            return new Piped(ExternalTool.StartBare(program, ["-dc", "--", path], ExternalTool.Quiet), program, path);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static string? ProgramFor(ReadOnlySpan<byte> head) =>
        head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? "zstd"
        : head.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? "xz"
        : head.StartsWith("BZh"u8) ? "bzip2"
        : null;

    /// <summary>What a decompressing program writes; its failure is an error at the end, not an end.</summary>
    private sealed class Piped : ReadOnlyStream
    {
        private readonly Process _process;
        private readonly Task<string> _complaint;
        private readonly string _program, _path;

        public Piped(Process process, string program, string path)
        {
            (_process, _program, _path) = (process, program, path);
            process.StandardInput.Close();
            _complaint = process.StandardError.ReadToEndAsync();
        }

        public override int Read(Span<byte> buffer)
        {
            var read = _process.StandardOutput.BaseStream.Read(buffer);
            if (read == 0 && buffer.Length > 0)
            {
                _process.WaitForExit();
                Judge(_complaint.GetAwaiter().GetResult()); // it has ended, so all that it said is there
            }
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await _process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken);
            if (read == 0 && buffer.Length > 0)
            {
                await _process.WaitForExitAsync(cancellationToken);
                Judge(await _complaint);
            }
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                ExternalTool.Kill(_process);
                _process.Dispose();
            }
            base.Dispose(disposing);
        }

        private void Judge(string complaint)
        {
            if (_process.ExitCode != 0)
                throw new ArchiveRefusedException(ArchiveFault.Damaged, "", $"{_path} cannot be unpacked: {_program} ended with {_process.ExitCode} and said: {Quote.Short(complaint.Trim())}.");
        }
    }
}
