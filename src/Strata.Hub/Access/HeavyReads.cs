using System.Threading.RateLimiting;
using Strata.Hub.Listeners;

namespace Strata.Hub.Access;

/// <summary>Metadata of an endpoint whose answer costs more than others': <see cref="HeavyReads"/> bounds it.</summary>
internal sealed record HeavyRead;

/// <summary>Bounds how many heavy reads one owner has under way, by API and portal together: however many it asks for, all others are still answered.</summary>
internal sealed class HeavyReads : IDisposable
{
    /// <summary>Heavy reads of one owner at once.</summary>
    public const int AtOnce = 4;

    /// <summary>Heavy reads of one owner that wait for those; more are refused.</summary>
    public const int Waiting = 32;

    // They take from milliseconds to seconds.
    private const string Seconds = "1";

    private readonly PartitionedRateLimiter<string> _owners = PartitionedRateLimiter.Create<string, string>(owner => RateLimitPartition.GetConcurrencyLimiter(
        owner, _ => new() { PermitLimit = AtOnce, QueueLimit = Waiting, QueueProcessingOrder = QueueProcessingOrder.OldestFirst }));

    /// <summary>Reads when it is the owner's turn; refuses with 429 when too many wait before it.</summary>
    /// <param name="refuse">The refusal for people; problem details when it is null.</param>
    public async Task<IResult> AnswerAsync(HttpContext context, Caller caller, Func<Task<IResult>> read, Func<string, Task<IResult>>? refuse = null)
    {
        using var turn = await _owners.AcquireAsync(caller.Owner, 1, context.RequestAborted);
        if (turn.IsAcquired) return await read();
        var text = $"{caller.Owner} has {AtOnce} long reads under way and {Waiting} waiting, which is the most of one owner. Try again when some of them are answered.";
        context.Response.Headers.RetryAfter = Seconds;
        return refuse is null ? Problems.Answer(StatusCodes.Status429TooManyRequests, text) : await refuse(text);
    }

    /// <inheritdoc/>
    public void Dispose() => _owners.Dispose();
}
