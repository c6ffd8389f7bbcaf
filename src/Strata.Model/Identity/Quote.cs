namespace Strata.Model.Identity;

/// <summary>Input as it may be repeated in a message: cut to length, on one line, without control characters.</summary>
public static class Quote
{
    private const int Longest = 80;

    /// <summary>At most 80 characters of <paramref name="text"/>; an ellipsis shows what was cut.</summary>
    public static string Short(string? text)
    {
        if (text is null) return "";
        var cut = text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest - 1), "…");
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '�' : c)) : cut;
    }
}
