namespace Strata.Artifacts.Inspection;

/// <summary>Finds the licence in a machine-readable copyright file.</summary>
/// <remarks>Source: Debian, "Machine-readable debian/copyright file" 1.0.</remarks>
internal static class CopyrightFile
{
    private const int MostLicenses = 12;

    /// <summary>The licence of <c>Files: *</c>, or of what comes first; null when the file is free text.</summary>
    public static string? License(string text)
    {
        if (!text.StartsWith("Format:", StringComparison.OrdinalIgnoreCase)) return null;
        var stanzas = ControlFile.Paragraphs(text).Where(p => p.GetValueOrDefault("License") is { Length: > 0 }).Take(MostLicenses).ToList();
        return (stanzas.Find(p => p.GetValueOrDefault("Files") == "*") ?? stanzas.FirstOrDefault())?["License"] is { } license ? Model.Identity.Quote.Short(license) : null;
    }
}
