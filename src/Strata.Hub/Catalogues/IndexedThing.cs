using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Strata.Model.Layers;

namespace Strata.Hub.Catalogues;

/// <summary>A library or a file as layers hold it, without a word of which: the index keeps each once, however many versions hold it.</summary>
/// <param name="Kind"><see cref="HitKind.Library"/> or <see cref="HitKind.File"/>.</param>
/// <param name="Name">Of a library; a file's path.</param>
internal sealed record IndexedThing(HitKind Kind, string Name)
{
    private const int LongestKey = 128;
    private const int OnStack = 1024;
    private const char Separator = '\n';

    /// <summary>A library's version; null for a file.</summary>
    public string? Version { get; init; }

    /// <summary>A library's licence; null when it states none, and for a file.</summary>
    public string? License { get; init; }

    /// <summary>Where a library was found, as <see cref="Library.Type"/> says it; null for a file.</summary>
    public string? Type { get; init; }

    /// <summary>Sonames, each on a line of its own; null for none.</summary>
    public string? Sonames { get; init; }

    /// <summary>The same for equal things, and in practice for no others: the first quarter of a SHA-256.</summary>
    public long Identity
    {
        get
        {
            ReadOnlySpan<string?> parts = [Kind == HitKind.File ? "2" : "1", Name, Version, License, Type, Sonames];
            var most = 0;
            foreach (var part in parts) most += Encoding.UTF8.GetMaxByteCount(part?.Length ?? 0) + 1;
            var text = most <= OnStack ? stackalloc byte[OnStack] : new byte[most];
            var length = 0;
            foreach (var part in parts)
            {
                length += Encoding.UTF8.GetBytes(part, text[length..]);
                text[length++] = 0;
            }
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(text[..length], hash);
            return BinaryPrimitives.ReadInt64BigEndian(hash);
        }
    }

    /// <summary>What it is called first of all, folded and cut: a library's name, the last part of a file's path.</summary>
    public string Key => KeyOf(Kind == HitKind.File ? Name[(Name.LastIndexOf('/') + 1)..] : Name);

    /// <summary>Everything that it is found by, folded, each on lines of its own.</summary>
    public string Search => Fold(string.Join(Separator, [Name, .. new[] { Version, License, Sonames }.OfType<string>()]));

    /// <summary>A library of a layer.json.</summary>
    public static IndexedThing Of(Library library) => new(HitKind.Library, Clean(library.Name))
    {
        Version = Clean(library.Version), License = Clean(library.License), Type = Clean(library.Type),
        Sonames = library.Sonames.Count == 0 ? null : Clean(string.Join(Separator, library.Sonames)),
    };

    /// <summary>A file of a layer.</summary>
    public static IndexedThing OfFile(string path, string? soname) => new(HitKind.File, Clean(path)) { Sonames = Clean(soname) };

    /// <summary>Text without its case, as it is compared.</summary>
    public static string Fold(string text) => text.ToLowerInvariant();

    /// <summary>The <see cref="Key"/> of things that are called <paramref name="name"/>.</summary>
    public static string KeyOf(string name) => Cut(Fold(name), LongestKey);

    /// <summary>The front of a text, of at most <paramref name="length"/> characters, none of them halved.</summary>
    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    /// <summary>Text as a database takes it: neither with a zero nor with half a character. A layer may call its files anything, and anything may be searched for.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text) => text is null || IsClean(text) ? text
        : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\uFFFD')));

    private static bool IsClean(string text)
    {
        foreach (var letter in text)
            if (letter == '\0' || char.IsSurrogate(letter)) return false;
        return true;
    }
}
