namespace Strata.Hub.Listeners;

/// <summary>The doors of a hub. They are separate, so that no browser is asked for a certificate (decision 14).</summary>
internal enum Listener
{
    /// <summary>Users and their tools: mutual TLS under the users root.</summary>
    Api,

    /// <summary>Units: mutual TLS under the fleet root.</summary>
    Units,

    /// <summary>Downloads by signed addresses.</summary>
    Blobs,

    /// <summary>Browsers.</summary>
    Portal,

    /// <summary>Browsers that sign in with a user's certificate, and nothing else: mutual TLS under the users root.</summary>
    PortalCertificate,
}

/// <summary>On a connection: the door it came in by. On an endpoint: the only door it answers at; the only ones, when it carries several.</summary>
internal sealed record ListenerTag(Listener Listener);
