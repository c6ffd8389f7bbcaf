using System.Text.RegularExpressions;
using Strata.Artifacts.Tar;

namespace Strata.Artifacts.Layers;

/// <summary>Which paths of a layer others can rely on, and which names of theirs carry a version that changes by itself.</summary>
/// <remarks>Source: docs/formats/layer-compare.md.</remarks>
internal static partial class InterfacePaths
{
    /// <summary>Whether services load or start what stands there: a path in a folder of libraries or programs that is no cache and no package's own record.</summary>
    public static bool IsInterface(string path) => Folder().IsMatch(path) && !Record().IsMatch(path);

    /// <summary>Whether something in <paramref name="now"/> goes on where <paramref name="path"/> was: <c>libz.so.1.3.0</c> for <c>libz.so.1.2.13</c>, as both are <c>libz.so.1</c>.</summary>
    public static bool IsContinued(string path, IReadOnlyDictionary<string, ListedEntry> now) =>
        SharedObject().Match(path) is { Success: true } match
        && now.TryGetValue(match.Groups[1].Value, out var entry)
        && entry.Kind is TarEntryKind.File or TarEntryKind.SymbolicLink or TarEntryKind.HardLink;

    [GeneratedRegex("^(usr/(local/)?)?(lib(32|64|x32|exec)?|bin|sbin)/|^opt/", RegexOptions.CultureInvariant)]
    private static partial Regex Folder();

    [GeneratedRegex(@"(^|/)__pycache__(/|$)|\.pyc$|\.(dist|egg)-info(/|$)|(^|/)\.build-id(/|$)|^usr/lib/sysimage/|^usr/lib/opkg/", RegexOptions.CultureInvariant)]
    private static partial Regex Record();

    [GeneratedRegex(@"^(.*\.so\.[0-9]+)\.[0-9.]+$", RegexOptions.CultureInvariant)]
    private static partial Regex SharedObject();
}
