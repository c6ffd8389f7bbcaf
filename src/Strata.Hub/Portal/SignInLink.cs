using System.Security.Cryptography;
using System.Text;
using Strata.Hub.Access;

namespace Strata.Hub.Portal;

/// <summary>One-time links that sign in as the hub's admin: the one in hub.json, and those that somebody lays into the folder <see cref="Folder"/> of the hub's data.</summary>
/// <remarks>Whoever may read the data folder, or write to it, holds the hub: no other right is asked for.</remarks>
internal sealed class SignInLink
{
    /// <summary>Below the hub's data: each file is called as the SHA-256 of a token, lower-case hex, and is good for <see cref="Lifetime"/> from when it was written.</summary>
    public const string Folder = "sign-in";

    /// <summary>How long a link is good that was laid into the folder.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly TimeProvider _clock;
    private string _token = PortalSessions.Fresh();

    public SignInLink(HubOptions options, TimeProvider clock)
    {
        _clock = clock;
        _folder = Directory.CreateDirectory(Path.Combine(options.Data, Folder), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    /// <summary>Raised after the link of hub.json was used: the next one has to be written down.</summary>
    public event Action? Used;

    /// <summary>The token of hub.json's present link.</summary>
    public string Token
    {
        get
        {
            lock (_gate) return _token;
        }
    }

    /// <summary>Whether <paramref name="token"/> is one of a link that is good. It is used then, and never good again.</summary>
    public bool Use(string token)
    {
        lock (_gate)
        {
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_token), Encoding.UTF8.GetBytes(token))) return UseLaid(InvitationEndpoints.HashOf(token));
            _token = PortalSessions.Fresh();
        }
        Used?.Invoke();
        return true;
    }

    private bool UseLaid(string hash)
    {
        var now = _clock.GetUtcNow();
        var isGood = false;
        foreach (var file in new DirectoryInfo(_folder).EnumerateFiles())
        {
            var age = now - file.LastWriteTimeUtc;
            var isIt = file.Name == hash;
            if (!isIt && age < Lifetime) continue;
            file.Delete(); // before anybody is signed in by it
            isGood |= isIt && age >= TimeSpan.FromMinutes(-1) && age < Lifetime; // a file from the future would be good for ever
        }
        return isGood;
    }
}
