using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Strata.Hub.Units;

/// <summary>The tokens that discovery gave out. A restart forgets them: units are told 401 and ask discovery again.</summary>
/// <remarks>A unit reuses its token after a dropped connection, so one stays good for a while. Source: facts on protocol v7, section 2.</remarks>
internal sealed class UnitTokens(TimeProvider clock)
{
    private const int MostForOneUnit = 4;
    private const int Bytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<string, (string Token, DateTimeOffset Issued)[]> _byUnit = new(StringComparer.Ordinal);

    /// <summary>A new token for <paramref name="systemId"/>; its oldest makes room.</summary>
    public string Issue(string systemId)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));
        var now = clock.GetUtcNow();
        _byUnit.AddOrUpdate(systemId, _ => [(token, now)], (_, held) => [.. held.TakeLast(MostForOneUnit - 1), (token, now)]);
        return token;
    }

    /// <summary>Whether <paramref name="token"/> was given to <paramref name="systemId"/> and is not too old.</summary>
    public bool IsGood(string systemId, string token) =>
        _byUnit.TryGetValue(systemId, out var held)
        && held.Any(h => clock.GetUtcNow() - h.Issued < Lifetime
            && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(h.Token), System.Text.Encoding.UTF8.GetBytes(token)));
}
