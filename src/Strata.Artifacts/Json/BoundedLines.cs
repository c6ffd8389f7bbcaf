using System.Buffers;
using System.Text.Json;

namespace Strata.Artifacts.Json;

/// <summary>Reads a stream line by line, with one line in memory; a line feed ends each, also the last.</summary>
/// <param name="source">Read to its end, not closed.</param>
/// <param name="maxLineBytes">Longest line.</param>
internal sealed class BoundedLines(Stream source, int maxLineBytes) : IDisposable
{
    private const int FirstBuffer = 64 * 1024;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    private int _start, _end;

    /// <summary>The next line without its line feed, until the next call; null at the end.</summary>
    /// <exception cref="JsonException">The line is too long, or the last has no end.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellation)
    {
        for (var looked = _start; ;)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n');
            if ((at >= 0 ? looked + at : _end) - _start > maxLineBytes) throw new JsonException($"A line is longer than {maxLineBytes} bytes.");
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at - _start);
                _start = looked + at + 1;
                return line;
            }
            MakeRoom();
            looked = _end;
            var read = await source.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) return _end == _start ? null : throw new JsonException("The last line breaks off.");
            _end += read;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end < _buffer.Length) return;
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
