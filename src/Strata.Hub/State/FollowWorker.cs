using Strata.Hub.Listeners;

namespace Strata.Hub.State;

/// <summary>Keeps the snapshot of a hub that follows another one up to date (decision 13).</summary>
internal sealed partial class FollowWorker(HubWriter writer, IHostApplicationLifetime lifetime, ILogger<FollowWorker> log) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await writer.FollowAsync(stoppingToken);
            }
            catch (IOException problem)
            {
                LogLost(problem.Message); // what was read before is answered still
            }
            catch (InvalidDataException problem)
            {
                // The log would be answered from ever older knowledge.
                LogUnread(problem.Message);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }
            await Task.Delay(RetryDelay, stoppingToken);
        }
    }

    /// <summary>Answers 421 for what would have to be written, or is about units: both are for the hub that writes.</summary>
    public static Task Guard(HttpContext context, RequestDelegate next)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var door = context.Features.Get<ListenerTag>()?.Listener;
        return door switch
        {
            Listener.Api when isRead => next(context),
            Listener.Portal or Listener.PortalCertificate when isRead || context.Request.Path == "/sign-out" => next(context),
            _ => Problems.Answer(StatusCodes.Status421MisdirectedRequest, "This hub follows another one and answers what only reads. Send this to the hub that it follows.").ExecuteAsync(context),
        };
    }

    [LoggerMessage(1, LogLevel.Warning, "What the hub that is followed writes is not told any more: {Problem} It is tried again.")]
    private partial void LogLost(string problem);

    [LoggerMessage(2, LogLevel.Critical, "The hub that is followed writes what this one cannot read: {Problem}")]
    private partial void LogUnread(string problem);
}
