using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Strata.Artifacts.Protocol;

namespace Strata.Agent.Connecting;

/// <summary>Asks the hub where to connect.</summary>
/// <remarks>Source: facts on AosCore 9.1, section 1.</remarks>
internal sealed class Discovery(Uri address, string systemId, HttpMessageHandler handler)
{
    private const int MaxBytes = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>One question.</summary>
    /// <exception cref="HubUnavailableException">It could not be asked, refused, or gave no usable answer.</exception>
    public async Task<DiscoveryResponse> AskAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(handler, disposeHandler: false) { Timeout = Limit, MaxResponseContentBufferSize = MaxBytes };
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = JsonContent.Create(new(MessageHeader.ProtocolVersion, systemId, ["wss"]), ProtocolJson.Default.DiscoveryRequest),
            Headers = { { "Accept", "application/json" } },
        };
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new HubUnavailableException($"Discovery at {address} answered {(int)response.StatusCode}: is '{systemId}' registered at that hub?");
            var answer = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.DiscoveryResponse, cancellationToken);
            if (answer is { ErrorCode: 0, ConnectionInfo: [var first, ..] } && Uri.TryCreate(first, UriKind.Absolute, out var hub) && hub.Scheme == Uri.UriSchemeWss)
                return answer;
            throw new HubUnavailableException($"Discovery at {address} gave no wss address (error code {answer?.ErrorCode}).");
        }
        catch (HttpRequestException trouble)
        {
            throw new HubUnavailableException($"Discovery at {address} was not reached: {Reason(trouble)}");
        }
        catch (JsonException broken)
        {
            throw new HubUnavailableException($"Discovery at {address} answered what is no discovery response: {broken.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubUnavailableException($"Discovery at {address} did not answer within {Limit.TotalSeconds} s.");
        }
    }

    /// <summary>The innermost message: for TLS it is the one that says what is wrong.</summary>
    internal static string Reason(Exception exception) => exception.InnerException is { } inner ? Reason(inner) : exception.Message;
}

/// <summary>The hub cannot be used now; a later try may succeed.</summary>
/// <param name="isUnauthorised">The token was refused: discovery has to be asked anew.</param>
internal sealed class HubUnavailableException(string message, bool isUnauthorised = false) : IOException(message)
{
    /// <summary>The token was refused: discovery has to be asked anew.</summary>
    public bool IsUnauthorised { get; } = isUnauthorised;
}
