using System.CommandLine;
using Strata.Build.Caching;

namespace Strata.Cli.Shell;

/// <summary>Where builds keep what the next one can use.</summary>
internal static class CacheOption
{
    /// <summary>A new <c>--cache</c> option.</summary>
    public static Option<string> Create() => new("--cache")
    {
        Description = "Folder for package lists, packages, base file systems and finished layers; safe to delete. Default: ${XDG_CACHE_HOME:-~/.cache}/strata.",
        DefaultValueFactory = _ => UserFolders.Cache,
    };

    /// <summary>The cache that the command line names.</summary>
    public static BuildCache Open(this ParseResult parsed, Option<string> option) => new(parsed.GetValue(option)!);
}
