using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Layers;

namespace Strata.Artifacts.Sbom;

/// <summary>Writes a layer's bill of materials as CycloneDX 1.6 JSON: the layer, its libraries with where they stand, and every ELF file.</summary>
/// <remarks>Equal content is equal bytes: no clock, no chance. Source: CycloneDX 1.6 (ECMA-424), JSON schema and reference.</remarks>
public static class CycloneDxDocument
{
    /// <summary>Name of the file beside <c>layer.json</c>.</summary>
    public const string FileName = "sbom.cdx.json";

    private const string LayerRef = "layer", FilePrefix = "file:";

    /// <summary>Writes the document.</summary>
    /// <param name="content">Inspected with <see cref="InspectionOptions.Files"/>.</param>
    public static void Write(Stream output, LayerDescription about, LayerInspection content)
    {
        var names = new SbomNames(about, content);
        using var json = new DocumentWriter(output);
        json.Open();
        json.Text("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        json.Text("bomFormat", "CycloneDX");
        json.Text("specVersion", "1.6");
        json.Text("serialNumber", $"urn:uuid:{names.DocumentId}");
        json.Number("version", 1);
        WriteMetadata(json, about);
        var hashes = content.Files.ToDictionary(f => f.Path, f => f.Sha256, StringComparer.Ordinal);
        json.OpenList("components");
        foreach (var found in content.Found) WriteLibrary(json, found, names[found]);
        foreach (var binary in content.Binaries) WriteBinary(json, binary, hashes.GetValueOrDefault(binary.Path));
        json.Close();
        WriteDependencies(json, content, names);
        json.Close();
    }

    private static void WriteMetadata(DocumentWriter json, LayerDescription about)
    {
        json.Open("metadata");
        json.Text("timestamp", Rfc3339.Text(about.Created ?? default));
        json.Open("tools");
        json.OpenList("components");
        json.Open();
        json.Text("type", "application");
        json.Text("name", SbomNames.Tool);
        json.Text("version", SbomNames.ToolVersion);
        json.Close();
        json.Close();
        json.Close();
        json.Open("component");
        json.Text("type", "container");
        json.Text("bom-ref", LayerRef);
        json.Text("name", about.Name);
        json.Text("version", about.Version.ToString());
        if (about.Summary is { Length: > 0 } summary) json.Text("description", summary);
        WriteHash(json, about.Archive.Digest.Hex);
        WriteLicense(json, about.License);
        json.Text("purl", PackageUrl.Layer(about.Name, about.Version.ToString(), about.Platform.Architecture));
        WriteProperties(
            json,
            ("diffId", about.Archive.DiffId.ToString()),
            ("platform", about.Platform.ToString()),
            ("base", about.Base is { } known ? $"{known.Name} {known.Identity}" : null),
            ("parent", about.Parent is { } parent ? $"{parent.Name} {parent.Version} {parent.DiffId}" : null));
        json.Close();
        json.Close();
    }

    private static void WriteLibrary(DocumentWriter json, FoundLibrary found, string id)
    {
        var about = found.About;
        json.Open();
        json.Text("type", "library");
        json.Text("bom-ref", id);
        json.Text("name", about.Name);
        if (about.Version.Length > 0) json.Text("version", about.Version);
        WriteLicense(json, about.License);
        if (about.Purl is { } url) json.Text("purl", url);
        WriteProperties(json, [("type", about.Type), ("package", about.Package), .. about.Sonames.Select(s => ("soname", (string?)s))]);
        if (found.Paths.Count > 0)
        {
            json.Open("evidence");
            json.OpenList("occurrences");
            foreach (var path in found.Paths)
            {
                json.Open();
                json.Text("location", Printable.Path(path));
                json.Close();
            }
            json.Close();
            json.Close();
        }
        json.Close();
    }

    private static void WriteBinary(DocumentWriter json, FoundBinary binary, string? hash)
    {
        var about = binary.Describe();
        json.Open();
        json.Text("type", "file");
        json.Text("bom-ref", FilePrefix + about.Path);
        json.Text("name", about.Path);
        if (hash is not null) WriteHash(json, hash);
        WriteProperties(
            json,
            [("architecture", about.Architecture), ("package", about.Package), ("soname", about.Soname), ("interpreter", about.Interpreter), ("buildId", about.BuildId), .. about.Needed.Select(n => ("needed", (string?)n))]);
        json.Close();
    }

    private static void WriteDependencies(DocumentWriter json, LayerInspection content, SbomNames names)
    {
        json.OpenList("dependencies");
        json.Open();
        json.Text("ref", LayerRef);
        json.Texts("dependsOn", content.Found.Select(f => names[f]));
        json.Close();
        var needs = names.Dependencies(content);
        foreach (var found in content.Found)
        {
            json.Open();
            json.Text("ref", names[found]);
            if (needs.TryGetValue(found, out var list)) json.Texts("dependsOn", list.Select(f => names[f]));
            json.Close();
        }
        json.Close();
    }

    private static void WriteLicense(DocumentWriter json, string? stated)
    {
        if (LicenseExpression.Of(stated) is not { } license) return;
        json.OpenList("licenses");
        json.Open();
        if (license is { IsListed: true, IsSingle: false })
        {
            json.Text("expression", license.Text);
        }
        else
        {
            json.Open("license");
            json.Text(license.IsListed ? "id" : "name", license.IsListed ? license.Text : stated!);
            json.Close();
        }
        json.Close();
        json.Close();
    }

    private static void WriteHash(DocumentWriter json, string sha256)
    {
        json.OpenList("hashes");
        json.Open();
        json.Text("alg", "SHA-256");
        json.Text("content", sha256);
        json.Close();
        json.Close();
    }

    private static void WriteProperties(DocumentWriter json, params ReadOnlySpan<(string Name, string? Value)> properties)
    {
        json.OpenList("properties");
        foreach (var (name, value) in properties)
        {
            if (value is null) continue;
            json.Open();
            json.Text("name", "strata:" + name);
            json.Text("value", value);
            json.Close();
        }
        json.Close();
    }
}
