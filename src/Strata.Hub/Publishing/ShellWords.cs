using System.Text;

namespace Strata.Hub.Publishing;

/// <summary>Splits a command line into words as a shell does: blanks, quotes, backslashes; no variables and no globs.</summary>
/// <remarks>Source: POSIX.1-2017, Shell Command Language, 2.2 "Quoting".</remarks>
internal static class ShellWords
{
    /// <summary>The words, or a sentence's end that says what is wrong.</summary>
    public static (IReadOnlyList<string> Words, string? Problem) Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (inWord, quote) = (false, '\0');
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\\' && quote != '\'')
            {
                if (++i == text.Length) return ([], "ends with a backslash. Remove it.");
                if (quote == '"' && text[i] is not ('"' or '\\' or '$' or '`')) word.Append('\\');
                word.Append(text[i]);
                inWord = true;
            }
            else if (quote != '\0')
            {
                if (c == quote) quote = '\0';
                else word.Append(c);
            }
            else if (c is '\'' or '"') (quote, inWord) = (c, true);
            else if (char.IsWhiteSpace(c))
            {
                if (inWord) words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }
        if (quote != '\0') return ([], $"has a {quote} that is not closed.");
        if (inWord) words.Add(word.ToString());
        return (words, null);
    }
}
