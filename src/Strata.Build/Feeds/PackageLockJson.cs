using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Json;

namespace Strata.Build.Feeds;

/// <summary>Reads and writes <c>packages.lock</c>.</summary>
public static class PackageLockJson
{
    // Versions are full of plus signs, which the default encoder writes as an escape that no person reads.
    private static readonly LockJson Readable = new(new(LockJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The document's bytes: the same for equal locks, with a line feed at the end.</summary>
    public static byte[] Write(PackageLock locked) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(locked, Readable.PackageLock) + "\n");

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is no packages.lock, or one of another release, or a package's path leads out of its feed.</exception>
    public static PackageLock Read(ReadOnlySpan<byte> utf8)
    {
        var locked = JsonSerializer.Deserialize(utf8, LockJson.Default.PackageLock) ?? throw new JsonException("The document is null.");
        if (locked.FormatVersion != PackageLock.CurrentFormat)
            throw new JsonException($"It has format version {locked.FormatVersion}, and this release reads {PackageLock.CurrentFormat}.");
        if (locked.Packages is null || locked.Requests is null || locked.Architecture is null) throw new JsonException("'packages', 'requests' or 'architecture' is missing.");
        foreach (var package in locked.Packages)
        {
            if (package?.Name is not { Length: > 0 } || package.Version is null || package.Architecture is null || package.Size < 0 || !IsInside(package.Path))
                throw new JsonException($"The package '{package?.Name}' is not whole: it needs a name, version, architecture, size, and a path that stays inside its feed.");
        }
        if (locked.Packages.GroupBy(p => p.FileName, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new JsonException($"Two packages have the file name '{twice.Key}'.");
        return locked;
    }

    /// <summary>Whether a path leads to a file below where it starts.</summary>
    internal static bool IsInside(string? path) =>
        path is { Length: > 0 and <= 1024 } && !path.StartsWith('-') && !path.Any(char.IsControl) && path.Split('/').All(part => part is not ("" or "." or ".."));
}

internal sealed class LowerCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    NewLine = "\n",
    Converters = [typeof(DigestConverter), typeof(LowerCaseEnum<FeedKind>), typeof(LowerCaseEnum<FeedMode>), typeof(EquatableListConverter<LockedPackage>), typeof(EquatableListConverter<string>)])]
[JsonSerializable(typeof(PackageLock))]
[JsonSerializable(typeof(LockedPackage[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class LockJson : JsonSerializerContext;
