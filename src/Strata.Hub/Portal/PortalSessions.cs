using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Strata.Hub.Portal;

/// <summary>Who may see the portal: whoever opened the link that the hub printed at its start, once, and the browser that it was opened in.</summary>
/// <remarks>The link stands in hub.json, which only the hub's own account reads: holding it is holding the hub. A restart ends all sessions.</remarks>
internal sealed class PortalSessions(TimeProvider clock)
{
    /// <summary>The cookie; its prefix makes browsers insist on TLS, this host and the whole path.</summary>
    public const string Cookie = "__Host-strata";

    private const int Bytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _sessions = new(StringComparer.Ordinal);
    private string? _token = Fresh();

    /// <summary>The token of the sign-in link; null once it was used.</summary>
    public string? Token => _token;

    /// <summary>Trades the token for a session; null when it is wrong or was used before.</summary>
    public string? SignIn(string token)
    {
        var expected = _token;
        if (expected is null || !IsSame(expected, token)) return null;
        if (Interlocked.CompareExchange(ref _token, null, expected) != expected) return null;
        var session = Fresh();
        _sessions[Hash(session)] = clock.GetUtcNow();
        return session;
    }

    /// <summary>Whether <paramref name="session"/> is signed in.</summary>
    public bool IsSignedIn(string? session) =>
        session is not null && _sessions.TryGetValue(Hash(session), out var since) && clock.GetUtcNow() - since < Lifetime;

    private static string Fresh() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    private static string Hash(string session) => Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(session)));

    private static bool IsSame(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(left), System.Text.Encoding.UTF8.GetBytes(right));
}
