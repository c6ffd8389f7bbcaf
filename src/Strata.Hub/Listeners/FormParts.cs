using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Strata.Artifacts.Hashing;

namespace Strata.Hub.Listeners;

/// <summary>One part of a multipart form.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Content">Read forwards, before the next part is asked for.</param>
internal sealed record FormPart(string Name, Stream Content);

/// <summary>Reads the parts of a multipart form one after another, and holds none of them.</summary>
/// <remarks>A form that breaks off is an <see cref="InvalidDataException"/>, the sender's fault; a disk that fails meanwhile stays what it is. Source: RFC 7578; RFC 2046, 5.1.</remarks>
internal sealed class FormParts
{
    private const int LongestBoundary = 70; // RFC 2046, 5.1.1
    private const int ReadBuffer = 128 * 1024; // a part comes in pieces of at most this size
    private readonly MultipartReader _reader;

    private FormParts(MultipartReader reader) => _reader = reader;

    /// <summary>The parts of the request's body; null when it is no form.</summary>
    public static FormParts? Of(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= LongestBoundary } boundary
            ? new(new MultipartReader(boundary, request.Body, ReadBuffer))
            : null;

    /// <summary>The next part that has a name; null at the end.</summary>
    /// <exception cref="InvalidDataException">The form breaks off or is none.</exception>
    public async Task<FormPart?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            while (await _reader.ReadNextSectionAsync(cancellation) is { } part)
                if (ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition)
                    && HeaderUtilities.RemoveQuotes(disposition.Name).Value is { Length: > 0 } name)
                    return new(name, new Body(part.Body));
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            throw new InvalidDataException(broken.Message, broken);
        }
        return null;
    }

    private sealed class Body(Stream body) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer) => throw new NotSupportedException("A request is read asynchronously.");

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await body.ReadAsync(buffer, cancellationToken);
            }
            catch (IOException broken) when (broken is not BadHttpRequestException)
            {
                throw new InvalidDataException(broken.Message, broken);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) body.Dispose();
            base.Dispose(disposing);
        }
    }
}
