using System.Globalization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Layers;

/// <summary>What a change of a library's own version asks of the layer that brings it.</summary>
/// <remarks>Source: decision 0014.</remarks>
internal static class LibraryVersions
{
    // Versions such as 2024.1 count years; a new year breaks nothing.
    private const ulong FirstYear = 1900;

    /// <summary>The step that the change alone asks for.</summary>
    /// <param name="type">Where it was found; only Python and Node promise something with a version, the ELF files of the others are judged by their names and symbols.</param>
    /// <param name="old">Null when it was not there.</param>
    /// <param name="now">Null when it is gone.</param>
    public static VersionStep Needs(string type, string? old, string? now)
    {
        if (now is null) return VersionStep.Major;
        if (old is null) return VersionStep.Minor;
        if (FirstNumber(old) is not { } before || FirstNumber(now) is not { } after) return VersionStep.Patch;
        if (after < before) return VersionStep.Major;
        return after > before && type is "python" or "npm" && before < FirstYear ? VersionStep.Major : VersionStep.Patch;
    }

    // Past an epoch, 1:2.3-4.
    private static ulong? FirstNumber(string version)
    {
        var start = version.IndexOf(':', StringComparison.Ordinal) + 1;
        var length = version.AsSpan(start).IndexOfAnyExceptInRange('0', '9');
        var digits = length < 0 ? version.AsSpan(start) : version.AsSpan(start, length);
        return ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
