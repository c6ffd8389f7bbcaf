using System.Net;
using System.Text;
using Strata.Cli.Hub;
using Strata.Cli.Shell;

namespace Strata.Tests.Cli;

/// <summary>What the tool makes of a hub that answers as none should, while it follows a bundle.</summary>
public sealed class LyingHubTests
{
    private const string EventStream = "text/event-stream";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_that_never_answers_is_waited_for_in_vain_no_longer_than_any_answer_may_take()
    {
        using var client = Client(async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            throw new InvalidOperationException();
        }, TimeSpan.FromMilliseconds(50));
        var failed = await Assert.ThrowsAsync<CommandFailure>(() => client.FollowBundleAsync("b", null, Cancellation));
        Assert.Equal(ExitCode.Unavailable, failed.Code);
        Assert.Contains("did not answer in time", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_refusal_without_end_no_more_is_read_than_a_refusal_may_have()
    {
        var endless = new Endless();
        using var client = Client(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StreamContent(endless) }));
        var failed = await Assert.ThrowsAsync<CommandFailure>(() => client.FollowBundleAsync("b", null, Cancellation));
        Assert.Equal(ExitCode.Refused, failed.Code);
        Assert.True(endless.Given < 16 << 20, $"{endless.Given} bytes were read.");
    }

    [Theory]
    [InlineData("event: log\ndata: no json\n\n")]
    [InlineData("event: state\ndata: {\"id\": 7}\n\n")]
    public async Task An_event_that_is_none_is_said_to_be_that_and_no_lost_connection(string text)
    {
        using var client = Client(_ => Task.FromResult(Events(new MemoryStream(Encoding.UTF8.GetBytes(text)))));
        var failed = await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(client));
        Assert.Equal(ExitCode.Failed, failed.Code);
        Assert.Contains("was not understood", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_without_end_ends()
    {
        using var client = Client(_ => Task.FromResult(Events(new Endless())));
        Assert.Equal(ExitCode.Failed, (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(client))).Code);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_one_to_be_made_again()
    {
        using var client = Client(_ => throw new HttpRequestException("gone"));
        Assert.Equal(ExitCode.Unavailable, (await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(client))).Code);
    }

    private static async Task ReadAsync(HubClient client)
    {
        await foreach (var _ in (await client.FollowBundleAsync("b", null, Cancellation))!)
        {
        }
    }

    private static HttpResponseMessage Events(Stream body) => new() { Content = new StreamContent(body) { Headers = { ContentType = new(EventStream) } } };

    private static HubClient Client(Func<CancellationToken, Task<HttpResponseMessage>> answer, TimeSpan? patience = null)
    {
        var client = new Answering(answer);
        return patience is { } limit ? new(new("https://hub.example/"), client) { AnswerTimeout = limit } : new(new("https://hub.example/"), client);
    }

    private sealed class Answering(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }

    /// <summary>A line that never ends.</summary>
    private sealed class Endless : Strata.Artifacts.Hashing.ReadOnlyStream
    {
        public long Given { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            Given += buffer.Length;
            return buffer.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));
    }
}
