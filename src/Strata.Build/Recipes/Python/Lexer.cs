using System.Globalization;
using System.Text;

namespace Strata.Build.Recipes.Python;

/// <summary>Cuts an inline Python expression into tokens.</summary>
/// <remarks>Source: the Python 3 language reference, "Lexical analysis". Byte, format and triple-quoted strings, floats and other number bases are refused by name.</remarks>
internal sealed class Lexer(string text)
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "if", "else", "and", "or", "not", "in", "is", "for", "None", "True", "False", "lambda", "await", "yield", "async",
    };

    private static readonly string[] Symbols =
        ["**", "//", "==", "!=", "<=", ">=", "<<", ">>", ":=", "(", ")", "[", "]", "{", "}", ",", ".", ":", "+", "-", "*", "/", "%", "&", "|", "^", "~", "<", ">", "="];

    private readonly Stack<char> _open = [];
    private int _at;

    /// <summary>All tokens of <paramref name="text"/>, an <see cref="TokenKind.End"/> last.</summary>
    /// <exception cref="PythonException">Something in it is not supported, or is no Python.</exception>
    public static IReadOnlyList<Token> Read(string text)
    {
        var lexer = new Lexer(text);
        var tokens = new List<Token>();
        while (lexer.Next() is { Kind: not TokenKind.End } token) tokens.Add(token);
        tokens.Add(new(TokenKind.End, "", text.Length));
        return tokens;
    }

    private Token Next()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\f') _at++;
        if (_at == text.Length) return new(TokenKind.End, "", _at);
        var start = _at;
        var c = text[_at];
        if (c is '\'' or '"') return ReadString(start, raw: false);
        if (char.IsLetter(c) || c == '_') return ReadWord(start);
        if (char.IsAsciiDigit(c)) return ReadNumber(start);
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) != 0) continue;
            _at += symbol.Length;
            Match(symbol[0]);
            return new(TokenKind.Symbol, symbol, start);
        }
        throw new PythonException($"'{c}' is not expected there");
    }

    // Python finds a bracket without a partner before it finds a string without an end.
    private void Match(char bracket)
    {
        if (bracket is '(' or '[' or '{') _open.Push(bracket);
        if (bracket is ')' or ']' or '}' && (!_open.TryPop(out var opened) || opened != bracket switch { ')' => '(', ']' => '[', _ => '{' }))
            throw new PythonException($"'{bracket}' closes nothing");
    }

    private Token ReadWord(int start)
    {
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] == '_')) _at++;
        var word = text[start.._at];
        if (_at < text.Length && text[_at] is '\'' or '"' && word.Length <= 2 && word.All(c => "rRbBuUfF".Contains(c, StringComparison.Ordinal)))
        {
            return word is "r" or "R" or "u" or "U"
                ? ReadString(start, raw: word is "r" or "R")
                : throw new UnsupportedPythonException($"strings of the kind {word}'...' are not supported");
        }
        return new(Keywords.Contains(word) ? TokenKind.Keyword : TokenKind.Name, word, start);
    }

    private Token ReadNumber(int start)
    {
        while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '.' or '_')) _at++;
        var number = text[start.._at];
        return number.All(char.IsAsciiDigit) && (number[0] != '0' || number.All(c => c == '0'))
            ? new(TokenKind.Number, number, start)
            : throw new UnsupportedPythonException($"the number {number} is not supported; whole decimal numbers are");
    }

    private Token ReadString(int start, bool raw)
    {
        var quote = text[_at];
        if (string.CompareOrdinal(text, _at, new string(quote, 3), 0, 3) == 0) throw new UnsupportedPythonException("strings in three quotes are not supported");
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != '\n'; _at++)
        {
            if (text[_at] == quote)
            {
                _at++;
                return new(TokenKind.String, value.ToString(), start);
            }
            if (text[_at] == '\\' && _at + 1 < text.Length) ReadEscape(value, raw);
            else value.Append(text[_at]);
        }
        throw new UnterminatedStringException();
    }

    // Leaves the position on the escape's last character.
    private void ReadEscape(StringBuilder value, bool raw)
    {
        var c = text[++_at];
        if (raw)
        {
            value.Append('\\').Append(c);
            return;
        }
        switch (c)
        {
            case '\\' or '\'' or '"': value.Append(c); break;
            case 'n': value.Append('\n'); break;
            case 't': value.Append('\t'); break;
            case 'r': value.Append('\r'); break;
            case 'a': value.Append('\a'); break;
            case 'b': value.Append('\b'); break;
            case 'f': value.Append('\f'); break;
            case 'v': value.Append('\v'); break;
            case '\n': break;
            case 'x' when _at + 2 < text.Length && int.TryParse(text.AsSpan(_at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                value.Append((char)code);
                _at += 2;
                break;
            case 'x' or 'u' or 'U' or 'N' or (>= '0' and <= '7'): throw new UnsupportedPythonException($"the escape \\{c} is not supported");
            default: value.Append('\\').Append(c); break;
        }
    }
}
