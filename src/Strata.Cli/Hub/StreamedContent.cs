using System.Net;

namespace Strata.Cli.Hub;

/// <summary>A request body that is read while it is sent, and counted on the way.</summary>
/// <param name="source">Read to its end; not closed.</param>
/// <param name="size">Bytes that are left in it.</param>
/// <param name="progress">Receives bytes sent so far.</param>
internal sealed class StreamedContent(Stream source, long size, IProgress<long>? progress) : HttpContent
{
    private const int BufferSize = 256 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        var sent = 0L;
        while (await source.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress?.Report(sent += read);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = size;
        return true;
    }
}
