namespace Strata.Build.Recipes;

/// <summary>Variables that BitBake and openembedded-core no longer take; setting one ends the parse there, so it is refused here.</summary>
/// <remarks>Source: BitBake 2.8 and the BB_RENAMED_VARIABLES of openembedded-core scarthgap.</remarks>
internal static class RenamedVariables
{
    private static readonly Dictionary<string, string> NewNames = new(StringComparer.Ordinal)
    {
        ["BB_ENV_WHITELIST"] = "BB_ENV_PASSTHROUGH",
        ["BB_ENV_EXTRAWHITE"] = "BB_ENV_PASSTHROUGH_ADDITIONS",
        ["BB_HASHBASE_WHITELIST"] = "BB_BASEHASH_IGNORE_VARS",
        ["BB_HASHCONFIG_WHITELIST"] = "BB_HASHCONFIG_IGNORE_VARS",
        ["BB_HASHTASK_WHITELIST"] = "BB_TASKHASH_IGNORE_TASKS",
        ["BB_SETSCENE_ENFORCE_WHITELIST"] = "BB_SETSCENE_ENFORCE_IGNORE_TASKS",
        ["MULTI_PROVIDER_WHITELIST"] = "BB_MULTI_PROVIDER_ALLOWED",
        ["PNBLACKLIST"] = "SKIP_RECIPE",
        ["CVE_CHECK_PN_WHITELIST"] = "CVE_CHECK_SKIP_RECIPE",
        ["CVE_CHECK_WHITELIST"] = "CVE_CHECK_IGNORE",
        ["SDK_LOCAL_CONF_BLACKLIST"] = "ESDK_LOCALCONF_REMOVE",
        ["SDK_LOCAL_CONF_WHITELIST"] = "ESDK_LOCALCONF_ALLOW",
        ["SDK_INHERIT_BLACKLIST"] = "ESDK_CLASS_INHERIT_DISABLE",
        ["SSTATE_DUPWHITELIST"] = "SSTATE_ALLOW_OVERLAP_FILES",
        ["SYSROOT_DIRS_BLACKLIST"] = "SYSROOT_DIRS_IGNORE",
        ["UNKNOWN_CONFIGURE_WHITELIST"] = "UNKNOWN_CONFIGURE_OPT_IGNORE",
        ["LICENSE_FLAGS_WHITELIST"] = "LICENSE_FLAGS_ACCEPTED",
    };

    /// <summary>What to do about <paramref name="variable"/>; null when it may be set.</summary>
    public static string? CureFor(string variable) => NewNames.TryGetValue(variable.Split(':')[0], out var name)
        ? $"{variable.Split(':')[0]} is now called {name}, and BitBake refuses the old name; write {name}."
        : null;
}
