using Strata.Model.Identity;

namespace Strata.Artifacts.Signing;

/// <summary>Names a key in a PKCS #11 token: <c>pkcs11:token=NAME;object=LABEL</c>.</summary>
/// <remarks>
/// Of a URI's path are taken <c>token</c>, <c>manufacturer</c>, <c>model</c>, <c>serial</c>, which choose the token, and <c>object</c>, <c>id</c>, <c>type</c>, which choose
/// the key in it; of its query <c>pin-source</c>, <c>pin-value</c> and <c>module-path</c>. Whatever else the standard has is refused by its name rather than
/// passed over: it would have narrowed what is meant. Source: RFC 7512, sections 2.3 and 2.4.
/// </remarks>
public sealed record Pkcs11Uri
{
    /// <summary>Longest URI, in characters.</summary>
    public const int MaxLength = 1024;

    private const string Scheme = "pkcs11:";
    private static readonly string[] OfToken = ["token", "manufacturer", "model", "serial"];
    private static readonly string[] OfKey = ["object", "id"];
    private static readonly string[] OfQuery = ["pin-source", "pin-value", "module-path"];

    private readonly EquatableList<string> _query;

    private Pkcs11Uri(IEnumerable<string> token, IEnumerable<string> key, IEnumerable<string> query) =>
        (Token, Text, _query) = (Scheme + string.Join(';', token), Scheme + string.Join(';', token.Concat(key)), query.ToEquatableList());

    /// <summary>The token alone; as it was written, so it may name none.</summary>
    public string Token { get; }

    /// <summary>The key, without the query: what may be shown and logged.</summary>
    public string Text { get; }

    /// <summary>The key with all of the query but the PIN, and no <c>'</c>: a person can use it again between those.</summary>
    public string Reusable => (Text + (_query.Count > 0 ? "?" : "") + string.Join('&', _query)).Replace("'", "%27", StringComparison.Ordinal);

    /// <summary>Whether a PIN stands in the URI, where it does not belong; it is not kept.</summary>
    public bool HoldsPin { get; private init; }

    /// <summary>Path of the file that holds the PIN.</summary>
    public string? PinFile { get; private init; }

    /// <summary>Path of the token's module, a shared library; null for the system's.</summary>
    public string? ModulePath { get; private init; }

    /// <summary>Whether <paramref name="text"/> names a key in a token, be it rightly or not, and no file.</summary>
    public static bool IsMeantBy(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <paramref name="text"/>.</summary>
    /// <returns>The URI, or a sentence that says what is wrong. The sentence holds nothing of the query, where any part may be one of a PIN.</returns>
    public static (Pkcs11Uri? Uri, string? Problem) Read(string text)
    {
        if (text.Length > MaxLength) return (null, $"The URI of a token's key has more than {MaxLength} characters.");
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var path = Attributes(text[Scheme.Length..(question < 0 ? text.Length : question)], ';', [.. OfToken, .. OfKey, "type"], isSecret: false, out var problem);
        if (problem is not null) return (null, problem);
        var query = Attributes(question < 0 ? "" : text[(question + 1)..], '&', OfQuery, isSecret: true, out problem);
        if (problem is not null) return (null, problem);
        if (path.TryGetValue("type", out var type) && type != "private")
            return (null, $"The URI names an object of the type '{Quote.Short(type)}', and a key is private; write type=private, or leave it out.");
        if (path.Keys.All(k => k == "type")) return (null, "The URI names neither a token nor a key; write pkcs11:token=NAME;object=LABEL.");
        if (query.ContainsKey("pin-source") && query.ContainsKey("pin-value")) return (null, "The URI has both pin-source and pin-value; keep pin-source.");
        string? source = null;
        if (query.TryGetValue("pin-source", out var written) && (source = FileOf(written)) is null)
            return (null, "The pin-source is no file; write pin-source=file:/PATH, with an absolute path.");
        return (new(Written(path, OfToken), Written(path, OfKey), Written(query, ["pin-source", "module-path"]))
        {
            PinFile = source,
            HoldsPin = query.ContainsKey("pin-value"),
            ModulePath = query.TryGetValue("module-path", out var module) ? Uri.UnescapeDataString(module) : null,
        }, null);
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static IEnumerable<string> Written(Dictionary<string, string> attributes, string[] names) => names.Where(attributes.ContainsKey).Select(n => $"{n}={attributes[n]}");

    private static string? FileOf(string source)
    {
        var path = Uri.UnescapeDataString(source);
        if (path.StartsWith("file://", StringComparison.OrdinalIgnoreCase)) path = path["file://".Length..];
        else if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase)) path = path["file:".Length..];
        return path.Length > 1 && path[0] == '/' ? path : null;
    }

    /// <summary>Values as they were written, percent signs and all: an id is bytes and no text.</summary>
    /// <param name="isSecret">What stands here and is none of <paramref name="known"/> may be the rest of a PIN.</param>
    private static Dictionary<string, string> Attributes(string text, char separator, string[] known, bool isSecret, out string? problem)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        problem = null;
        foreach (var part in text.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (!known.Contains(name))
            {
                problem = isSecret || equals < 0
                    ? $"The URI holds something that is not read {(isSecret ? "behind its ?" : "here")}; known are {string.Join(", ", known)}, each with = and a value, in which {separator} is written %{(int)separator:X2}."
                    : $"The URI holds '{Quote.Short(name)}', which is not read here; {(NearestName.To(name, known) is { } near ? $"did you mean '{near}'?" : $"known are {string.Join(", ", known)}.")}";
            }
            else if (value.Length == 0) problem = $"The URI's {name} has no value.";
            else if (!IsEncoded(value)) problem = $"The URI's {name} holds a character that must be written as % and two hex digits.";
            else if (!read.TryAdd(name, value)) problem = $"The URI holds {name} twice.";
            if (problem is not null) break;
        }
        return read;
    }

    private static bool IsEncoded(string value)
    {
        const string Plain = "-._~:[]@!$'()*+,=/&?|"; // unreserved and what the two parts allow; separators are gone already
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%')
            {
                if (i + 2 >= value.Length || !char.IsAsciiHexDigit(value[i + 1]) || !char.IsAsciiHexDigit(value[i + 2])) return false;
                i += 2;
            }
            else if (!char.IsAsciiLetterOrDigit(value[i]) && !Plain.Contains(value[i], StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }
}
