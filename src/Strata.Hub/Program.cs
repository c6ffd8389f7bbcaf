using Strata.Hub;
using Strata.Hub.Fleets;
using Strata.Hub.Portal.OpenId;
using Strata.Hub.Publishing;
using Strata.Hub.Trust;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(HubOptions.Help);
    return 0;
}

// Exit codes as those of `strata`.
const int BadUsage = 2;
const int Refused = 3;

var (options, mistakes) = HubOptions.Parse(args);
if (Environment.GetEnvironmentVariable(CrashPoints.Variable) is { Length: > 0 } crash && !CrashPoints.Arm(crash))
    mistakes = [.. mistakes, $"{CrashPoints.Variable} is set to '{crash}', which is none of {string.Join(", ", Enum.GetNames<CrashPoint>())}. Unset it."];
var isUsage = mistakes.Count > 0;
HubTrust? trust = null;
if (!isUsage) (trust, mistakes) = HubTrust.Read(options.Pki, DateTimeOffset.UtcNow);
if (options.FleetFile is { } fleetFile)
{
    var (fleet, wrong) = FleetFile.Read(fleetFile);
    (options, mistakes) = (options with { Fleet = fleet }, [.. mistakes, .. wrong]);
}
if (options.OpenIdFile is { } openId)
{
    var (settings, wrong) = OpenIdSettings.Read(openId);
    (options, mistakes) = (options with { OpenId = settings }, [.. mistakes, .. wrong]);
}
if (trust is null || mistakes.Count > 0)
{
    foreach (var mistake in mistakes) Console.Error.WriteLine($"strata-hub: {mistake}");
    return isUsage ? BadUsage : Refused;
}
return await HubProgram.RunAsync(options, trust, Console.Out, Console.Error);
