using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Strata.Hub.Access;

namespace Strata.Hub.Portal;

/// <summary>Who is signed in to the portal, in which browser. A restart ends all sessions.</summary>
/// <remarks>Only digests of what browsers hold are kept. A session ends <see cref="Idle"/> after its last request and <see cref="Lifetime"/> after its first.</remarks>
internal sealed class PortalSessions(TimeProvider clock)
{
    /// <summary>The cookie; its prefix makes browsers insist on TLS, this host and the whole path.</summary>
    public const string Cookie = "__Host-strata";

    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(12), Idle = TimeSpan.FromHours(2);

    private const int Bytes = 32;
    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <summary>Begins a session.</summary>
    /// <param name="until">When what the visitor signed in with ends; the session ends then, at the latest.</param>
    /// <returns>What the browser is to hold.</returns>
    public string Begin(Caller caller, DateTimeOffset? until = null)
    {
        var now = clock.GetUtcNow();
        foreach (var (key, session) in _sessions)
            if (HasEnded(session, now)) _sessions.TryRemove(key, out _);
        var secret = Fresh();
        _sessions[Hash(secret)] = new(caller, until < now + Lifetime ? until.Value : now + Lifetime, now);
        return secret;
    }

    /// <summary>Who holds <paramref name="secret"/>; null when nobody is, or no longer is, signed in by it.</summary>
    public Caller? Find(string? secret)
    {
        if (secret is null) return null;
        var (key, now) = (Hash(secret), clock.GetUtcNow());
        if (!_sessions.TryGetValue(key, out var session)) return null;
        if (HasEnded(session, now))
        {
            _sessions.TryRemove(key, out _);
            return null;
        }
        _sessions.TryUpdate(key, session with { Seen = now }, session); // what ended meanwhile stays ended
        return session.Caller;
    }

    /// <summary>Ends a session; nothing when there is none.</summary>
    public void End(string? secret)
    {
        if (secret is not null) _sessions.TryRemove(Hash(secret), out _);
    }

    /// <summary>A secret that nobody guesses.</summary>
    public static string Fresh() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    private static bool HasEnded(Session session, DateTimeOffset now) => now >= session.Ends || now - session.Seen >= Idle;

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private sealed record Session(Caller Caller, DateTimeOffset Ends, DateTimeOffset Seen);
}
