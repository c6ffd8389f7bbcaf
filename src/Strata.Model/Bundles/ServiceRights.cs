namespace Strata.Model.Bundles;

/// <summary>A transport.</summary>
public enum Transport
{
    /// <summary>TCP; what a port without a word behind it means.</summary>
    Tcp,

    /// <summary>UDP.</summary>
    Udp,
}

/// <summary>Ports of one transport, both ends included.</summary>
/// <param name="First">1 to 65,535.</param>
/// <param name="Last">Not below <paramref name="First"/>.</param>
public sealed record PortRange(int First, int Last, Transport Transport)
{
    /// <summary><c>7410-7449/udp</c>, as the vendor's format writes it.</summary>
    public override string ToString() => $"{(First == Last ? $"{First}" : $"{First}-{Last}")}/{(Transport == Transport.Udp ? "udp" : "tcp")}";
}

/// <summary>Ports of another service that a service may call.</summary>
/// <param name="Host">Its host name or id.</param>
public sealed record AllowedConnection(string Host, PortRange Ports)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Host}/{Ports}";
}

/// <summary>A resource or device of the node that a service may use.</summary>
/// <param name="Mode"><c>r</c>, <c>w</c> or <c>rw</c>.</param>
public sealed record GrantedResource(string Name, string Mode);

/// <summary>What a service may do with a path of a server.</summary>
/// <param name="Mode"><c>r</c>, <c>w</c> or <c>rw</c>.</param>
public sealed record ServicePermission(string Server, string Path, string Mode);

/// <summary>A file that outlives a service's runs and versions.</summary>
/// <param name="FileName">Its default content, beside config.yaml.</param>
/// <param name="IsRequired">Whether the service does not start without it.</param>
public sealed record StateFile(string FileName, bool IsRequired);

/// <summary>A kernel parameter of the service's own namespaces.</summary>
public sealed record KernelParameter(string Name, string Value);
