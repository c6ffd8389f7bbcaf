using System.Diagnostics.CodeAnalysis;
using Strata.Model.Identity;

namespace Strata.Artifacts.Inspection;

/// <summary>Reads the packages in rpm's database, <c>rpmdb.sqlite</c>.</summary>
/// <remarks>
/// Each row of its table <c>Packages</c> holds a package's header. Databases of the older kinds (Berkeley, ndb) are not read.
/// Source: rpm 4.18, "RPM Package format", headers; sqlite.org, "Database File Format".
/// </remarks>
public static class RpmDatabase
{
    private const int LargestHeader = 64 << 20, MostPackages = 100_000, MostCharacters = 64 << 20;

    /// <summary>The packages, ordered by name, version, architecture.</summary>
    /// <param name="file">Can be sought in.</param>
    /// <exception cref="InvalidDataException">It is no such database, or a damaged one; the message says how.</exception>
    public static IReadOnlyList<InstalledPackage> Read(Stream file)
    {
        var packages = new List<InstalledPackage>();
        var characters = 0L;
        foreach (var row in new SqliteFile(file, LargestHeader).Rows("Packages"))
        {
            if (packages.Count == MostPackages) throw new InvalidDataException($"The rpm database names more than {MostPackages} packages.");
            if (row is [.., { Length: > 0 } header] && RpmHeader.Read(header) is { } package)
            {
                if ((characters += package.Characters) > MostCharacters) throw new InvalidDataException($"The packages of the rpm database say more than {MostCharacters} characters.");
                packages.Add(package);
            }
        }
        return [.. packages.OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Version, StringComparer.Ordinal).ThenBy(p => p.Architecture, StringComparer.Ordinal)];
    }

    /// <summary>As <see cref="Read"/>; false when it is no such database, or a damaged one.</summary>
    public static bool TryRead(Stream file, [NotNullWhen(true)] out IReadOnlyList<InstalledPackage>? packages)
    {
        try
        {
            packages = Read(file);
            return true;
        }
        catch (InvalidDataException)
        {
            packages = null;
            return false;
        }
    }
}
