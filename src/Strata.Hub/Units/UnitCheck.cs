using System.Security.Cryptography.X509Certificates;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;

namespace Strata.Hub.Units;

/// <summary>Says which unit a connection belongs to.</summary>
internal sealed class UnitCheck(HubTrust trust, HubWriter writer, TimeProvider clock)
{
    /// <summary>The unit behind the connection's certificate, or the status and sentence of the refusal.</summary>
    public (UnitRow? Unit, int Status, string Refusal) Check(HttpContext context)
    {
        if (context.Connection.ClientCertificate is not { } certificate)
            return (null, StatusCodes.Status401Unauthorized, "No client certificate was presented. Connect with the unit's certificate.");
        if (trust.Fleet.Judge(certificate, [], clock.GetUtcNow()) is var (_, sentence))
            return (null, StatusCodes.Status401Unauthorized, sentence);
        var systemId = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        return writer.State.Units.TryGetValue(systemId, out var unit)
            ? (unit, StatusCodes.Status200OK, "")
            : (null, StatusCodes.Status403Forbidden, $"The unit '{Quote.Short(systemId)}' is not registered. Register it: strata unit new {Quote.Short(systemId)}");
    }
}
