using Strata.Hub;
using Strata.Hub.Trust;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(HubOptions.Help);
    return 0;
}
var (options, mistakes) = HubOptions.Parse(args);
HubTrust? trust = null;
if (mistakes.Count == 0) (trust, mistakes) = HubTrust.Read(options.Pki);
if (trust is null)
{
    foreach (var mistake in mistakes) Console.Error.WriteLine($"strata-hub: {mistake}");
    return 2;
}
return await HubProgram.RunAsync(options, trust, Console.Out, Console.Error);
