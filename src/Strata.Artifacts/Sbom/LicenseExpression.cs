using System.Security.Cryptography;
using System.Text;
using Strata.Model.Identity;

namespace Strata.Artifacts.Sbom;

/// <summary>A licence as SPDX writes it, made from what a package states.</summary>
/// <param name="Text">A valid SPDX licence expression.</param>
/// <param name="References">What its <c>LicenseRef-</c> parts stand for: parts that SPDX has no identifier for, as the package states them.</param>
/// <remarks>Source: SPDX 2.3, annex D, "SPDX license expressions"; annex and clause 10 for <c>LicenseRef-</c>.</remarks>
public sealed record LicenseExpression(string Text, EquatableList<LicenseReference> References)
{
    private const string And = " AND ", Or = " OR ";

    /// <summary>Every part has an identifier in SPDX's list.</summary>
    public bool IsListed => References.Count == 0;

    /// <summary>It is one identifier, not a combination.</summary>
    public bool IsSingle => !Text.Contains(' ', StringComparison.Ordinal);

    /// <summary>Reads what a package states: Debian's, openembedded-core's, Python's and Fedora's ways of writing, and SPDX's own.</summary>
    /// <returns>Null when it states nothing.</returns>
    public static LicenseExpression? Of(string? stated)
    {
        if (string.IsNullOrWhiteSpace(stated)) return null;
        var whole = string.Join(' ', stated.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (whole is "NOASSERTION" or "NONE") return null;
        if (LicenseNames.Identify(whole) is { } known) return new(known, []);
        return new Parser(whole).Read() ?? Reference(whole);
    }

    /// <summary>All of the given ones together, each part once, in ordinal order; null for none.</summary>
    public static LicenseExpression? All(IEnumerable<LicenseExpression> expressions)
    {
        var parts = expressions.SelectMany(e => e.IsConjunction ? e.Text.Split(And) : [e.Text]).Distinct().Order(StringComparer.Ordinal).ToList();
        if (parts.Count == 0) return null;
        var references = expressions.SelectMany(e => e.References).Distinct().OrderBy(r => r.Id, StringComparer.Ordinal).ToEquatableList();
        return parts.Count == 1 ? new(parts[0], references) : new(string.Join(And, parts.Select(p => p.Contains(Or, StringComparison.Ordinal) && !p.StartsWith('(') ? $"({p})" : p)), references);
    }

    private bool IsConjunction => Text.Contains(And, StringComparison.Ordinal) && !Text.Contains('(', StringComparison.Ordinal) && !Text.Contains(Or, StringComparison.Ordinal);

    private static LicenseExpression Reference(string stated)
    {
        if (stated.StartsWith(LicenseReference.Prefix, StringComparison.Ordinal) && LicenseReference.IsId(stated)) return new(stated, [new(stated, stated)]);
        var name = new string([.. stated.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '-')]);
        if (name.Length > 40) name = name[..40];
        // Two statements that only differ in what an identifier cannot hold stay two.
        if (name != stated) name = $"{name.Trim('-')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stated)), 0, 4)}";
        var id = LicenseReference.Prefix + name;
        return new(id, [new(id, stated)]);
    }

    /// <summary>Reads operands between <c>and</c>, <c>or</c> and brackets; <c>and</c> binds closer, as in SPDX.</summary>
    private sealed class Parser(string text)
    {
        private const int MostOperands = 64;
        private readonly List<string> _tokens = Split(text);
        private readonly List<LicenseReference> _references = [];
        private int _at;

        public LicenseExpression? Read()
        {
            // A comma changes what binds closer, and in some lists it stands for "and", in others for "or": not guessed.
            if (_tokens.Count is < 2 or > 2 * MostOperands || _tokens.Contains(",")) return null;
            var expression = Any();
            return expression is not null && _at == _tokens.Count ? new(expression, _references.Distinct().OrderBy(r => r.Id, StringComparer.Ordinal).ToEquatableList()) : null;
        }

        private string? Any() => Chain("or", Or, Every, bracket: false);

        private string? Every() => Chain("and", And, Operand, bracket: true);

        private string? Chain(string word, string joint, Func<string?> part, bool bracket)
        {
            var parts = new List<string>();
            do
            {
                if (part() is not { } one) return null;
                parts.Add(one);
            }
            while (Take(word));
            return parts.Count == 1 ? parts[0] : string.Join(joint, parts.Select(p => bracket && p.Contains(Or, StringComparison.Ordinal) ? $"({p})" : p));
        }

        private string? Operand()
        {
            if (Take("("))
            {
                var inner = Any();
                return inner is not null && Take(")") ? inner : null;
            }
            if (Words() is not { Length: > 0 } name) return null;
            if (LicenseNames.Identify(name) is { } known)
            {
                if (!Take("with")) return known;
                return Words() is { Length: > 0 } exception && LicenseNames.IdentifyException(exception) is { } allowed ? $"{known} WITH {allowed}" : null;
            }
            var reference = Reference(name);
            _references.AddRange(reference.References);
            return reference.Text;
        }

        private string Words()
        {
            var words = new List<string>();
            while (_at < _tokens.Count && !IsSign(_tokens[_at])) words.Add(_tokens[_at++]);
            return string.Join(' ', words);
        }

        private bool Take(string sign)
        {
            if (_at >= _tokens.Count || !_tokens[_at].Equals(sign, StringComparison.OrdinalIgnoreCase)) return false;
            _at++;
            return true;
        }

        private static bool IsSign(string token) => token is "(" or ")" || token.Equals("and", StringComparison.OrdinalIgnoreCase)
            || token.Equals("or", StringComparison.OrdinalIgnoreCase) || token.Equals("with", StringComparison.OrdinalIgnoreCase);

        private static List<string> Split(string text) =>
            [.. text.Replace("(", " ( ", StringComparison.Ordinal).Replace(")", " ) ", StringComparison.Ordinal).Replace(",", " , ", StringComparison.Ordinal)
                .Replace("&", " and ", StringComparison.Ordinal).Replace("|", " or ", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
    }
}
