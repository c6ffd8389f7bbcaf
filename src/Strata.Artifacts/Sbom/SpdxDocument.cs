using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Strata.Artifacts.Inspection;
using Strata.Artifacts.Json;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Sbom;

/// <summary>Writes a layer's bill of materials as SPDX 2.3 JSON: the layer, its libraries, every file with its hashes, and how they belong together.</summary>
/// <remarks>Equal content is equal bytes: no clock, no chance. Source: SPDX specification 2.3.</remarks>
public static class SpdxDocument
{
    /// <summary>Name of the file beside <c>layer.json</c>.</summary>
    public const string FileName = "sbom.spdx.json";

    private const string NotStated = "NOASSERTION", DocumentId = "SPDXRef-DOCUMENT", LayerId = "SPDXRef-Layer";

    /// <summary>Writes the document.</summary>
    /// <param name="content">Inspected with <see cref="InspectionOptions.Files"/>.</param>
    public static void Write(Stream output, LayerDescription about, LayerInspection content)
    {
        var names = new SbomNames(about, content);
        using var json = new DocumentWriter(output);
        json.Open();
        json.Text("spdxVersion", "SPDX-2.3");
        json.Text("dataLicense", "CC0-1.0");
        json.Text("SPDXID", DocumentId);
        json.Text("name", $"{about.Name}-{about.Version}-{about.Platform.Stem}");
        json.Text("documentNamespace", $"https://spdx.org/spdxdocs/{Uri.EscapeDataString(about.Name)}-{about.Version.ToString().Replace('+', '-')}-{names.DocumentId}");
        json.Open("creationInfo");
        json.Text("created", Rfc3339.Text(about.Created ?? default));
        json.Texts("creators", [$"Tool: {SbomNames.Tool}-{SbomNames.ToolVersion}"]);
        json.Close();
        var files = Ids(content);
        WritePackages(json, about, content, names);
        WriteFiles(json, content);
        WriteRelationships(json, content, names, files);
        WriteReferences(json, about, content);
        json.Close();
    }

    private static Dictionary<string, (string Id, FileRecord File)> Ids(LayerInspection content)
    {
        var ids = new Dictionary<string, (string, FileRecord)>(content.Files.Count, StringComparer.Ordinal);
        foreach (var file in content.Files) ids[file.Path] = ($"SPDXRef-File-{ids.Count + 1}", file);
        return ids;
    }

    private static void WritePackages(DocumentWriter json, LayerDescription about, LayerInspection content, SbomNames names)
    {
        json.OpenList("packages");
        json.Open();
        json.Text("SPDXID", LayerId);
        json.Text("name", about.Name);
        json.Text("versionInfo", about.Version.ToString());
        json.Text("packageFileName", $"{about.Platform.Stem}-{about.Version}.tar.gz");
        json.Text("supplier", NotStated);
        json.Text("downloadLocation", NotStated);
        json.Flag("filesAnalyzed", false);
        WriteChecksums(json, ("SHA256", about.Archive.Digest.Hex));
        json.Text("licenseConcluded", NotStated);
        json.Text("licenseDeclared", LicenseExpression.Of(about.License)?.Text ?? NotStated);
        json.Text("copyrightText", NotStated);
        if (about.Summary is { Length: > 0 } summary) json.Text("summary", summary);
        if (about.Parent is { } parent) json.Text("comment", $"Lies on {parent.Name} {parent.Version}, diff id {parent.DiffId}.");
        json.Text("primaryPackagePurpose", "ARCHIVE");
        WriteUrl(json, PackageUrl.Layer(about.Name, about.Version.ToString(), about.Platform.Architecture));
        json.Close();
        var hashes = content.Files.ToDictionary(f => f.Path, f => f.Sha1, StringComparer.Ordinal);
        foreach (var found in content.Found) WritePackage(json, found, names[found], hashes);
        json.Close();
    }

    private static void WritePackage(DocumentWriter json, FoundLibrary found, string id, Dictionary<string, string> hashes)
    {
        var about = found.About;
        var sums = found.Paths.Select(hashes.GetValueOrDefault).OfType<string>().Order(StringComparer.Ordinal).ToList();
        json.Open();
        json.Text("SPDXID", $"SPDXRef-{id}");
        json.Text("name", about.Name);
        if (about.Version.Length > 0) json.Text("versionInfo", about.Version);
        json.Text("supplier", NotStated);
        json.Text("downloadLocation", NotStated);
        json.Flag("filesAnalyzed", sums.Count > 0);
        if (sums.Count > 0)
        {
            json.Open("packageVerificationCode");
            json.Text("packageVerificationCodeValue", Sha1(string.Concat(sums)));
            json.Close();
        }
        json.Text("licenseConcluded", NotStated);
        json.Text("licenseDeclared", LicenseExpression.Of(about.License)?.Text ?? NotStated);
        json.Text("copyrightText", NotStated);
        json.Text("primaryPackagePurpose", "LIBRARY");
        if (about.Purl is { } url) WriteUrl(json, url);
        json.Close();
    }

    private static void WriteFiles(DocumentWriter json, LayerInspection content)
    {
        var binaries = content.Binaries.ToDictionary(b => b.Path, StringComparer.Ordinal);
        json.OpenList("files");
        var number = 0;
        foreach (var file in content.Files)
        {
            json.Open();
            json.Text("SPDXID", $"SPDXRef-File-{++number}");
            json.Text("fileName", "./" + Printable.Path(file.Path));
            if (binaries.TryGetValue(file.Path, out var binary))
            {
                json.Texts("fileTypes", ["BINARY"]);
                json.Text("comment", BinaryText.Of(binary));
            }
            WriteChecksums(json, ("SHA1", file.Sha1), ("SHA256", file.Sha256));
            json.Text("licenseConcluded", NotStated);
            json.Texts("licenseInfoInFiles", [NotStated]);
            json.Text("copyrightText", NotStated);
            json.Close();
        }
        json.Close();
    }

    private static void WriteRelationships(DocumentWriter json, LayerInspection content, SbomNames names, Dictionary<string, (string Id, FileRecord File)> files)
    {
        json.OpenList("relationships");
        void Relate(string from, string how, string to)
        {
            json.Open();
            json.Text("spdxElementId", from);
            json.Text("relationshipType", how);
            json.Text("relatedSpdxElement", to);
            json.Close();
        }
        Relate(DocumentId, "DESCRIBES", LayerId);
        var owned = new HashSet<string>(StringComparer.Ordinal);
        var system = content.Found.Where(f => f.About.Package is null).GroupBy(f => f.About.Name).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        foreach (var found in content.Found)
        {
            var id = $"SPDXRef-{names[found]}";
            Relate(found.About.Package is { } package && system.TryGetValue(package, out var owner) ? $"SPDXRef-{names[owner]}" : LayerId, "CONTAINS", id);
            foreach (var path in found.Paths)
            {
                if (!files.TryGetValue(path, out var file)) continue; // a link
                owned.Add(path);
                Relate(id, "CONTAINS", file.Id);
            }
        }
        foreach (var (path, file) in files)
            if (!owned.Contains(path)) Relate(LayerId, "CONTAINS", file.Id);
        foreach (var (found, needs) in names.Dependencies(content).OrderBy(d => names[d.Key], StringComparer.Ordinal))
            foreach (var needed in needs) Relate($"SPDXRef-{names[found]}", "DEPENDS_ON", $"SPDXRef-{names[needed]}");
        json.Close();
    }

    private static void WriteReferences(DocumentWriter json, LayerDescription about, LayerInspection content)
    {
        var references = content.Found.Select(f => f.About.License).Append(about.License).Distinct()
            .SelectMany(l => LicenseExpression.Of(l)?.References ?? []).DistinctBy(r => r.Id).OrderBy(r => r.Id, StringComparer.Ordinal).ToList();
        if (references.Count == 0) return;
        json.OpenList("hasExtractedLicensingInfos");
        foreach (var reference in references)
        {
            json.Open();
            json.Text("licenseId", reference.Id);
            json.Text("name", reference.Stated);
            json.Text("extractedText", $"The package states its licence as: {reference.Stated}");
            json.Close();
        }
        json.Close();
    }

    private static void WriteChecksums(DocumentWriter json, params ReadOnlySpan<(string Algorithm, string Value)> sums)
    {
        json.OpenList("checksums");
        foreach (var (algorithm, value) in sums)
        {
            json.Open();
            json.Text("algorithm", algorithm);
            json.Text("checksumValue", value);
            json.Close();
        }
        json.Close();
    }

    private static void WriteUrl(DocumentWriter json, string url)
    {
        json.OpenList("externalRefs");
        json.Open();
        json.Text("referenceCategory", "PACKAGE-MANAGER");
        json.Text("referenceType", "purl");
        json.Text("referenceLocator", url);
        json.Close();
        json.Close();
    }

#pragma warning disable CA5350 // SPDX 2.3 defines the verification code by SHA-1; nothing is trusted for it
    private static string Sha1(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5350
}
