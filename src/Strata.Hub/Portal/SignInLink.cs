using System.Security.Cryptography;
using System.Text;

namespace Strata.Hub.Portal;

/// <summary>The one-time link that stands in hub.json: whoever reads that file holds the hub, and signs in as its admin.</summary>
internal sealed class SignInLink
{
    private readonly Lock _gate = new();
    private string _token = PortalSessions.Fresh();

    /// <summary>Raised after the link was used: the next one has to be written down.</summary>
    public event Action? Used;

    /// <summary>The token of the present link.</summary>
    public string Token
    {
        get
        {
            lock (_gate) return _token;
        }
    }

    /// <summary>Whether <paramref name="token"/> is the present link's. It is used then, and another takes its place.</summary>
    public bool Use(string token)
    {
        lock (_gate)
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_token), Encoding.UTF8.GetBytes(token))) return false;
            _token = PortalSessions.Fresh();
        }
        Used?.Invoke();
        return true;
    }
}
