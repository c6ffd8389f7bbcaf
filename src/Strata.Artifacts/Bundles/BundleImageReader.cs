using Strata.Artifacts.Yaml;
using Strata.Model.Bundles;
using Strata.Model.Identity;
using Strata.Model.Layers;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads an item's <c>images</c>: one for each architecture.</summary>
internal sealed class BundleImageReader(ItemType? type, MistakeList mistakes)
{
    private static readonly string[] Architectures = ["386", "amd64", "arm", "arm64", "loong64", "mips64le", "ppc64le", "riscv64", "s390x"];

    private static readonly Dictionary<string, string> OtherNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["x86_64"] = "amd64",
        ["x86-64"] = "amd64",
        ["aarch64"] = "arm64",
        ["armv7"] = "arm",
        ["armhf"] = "arm",
        ["i386"] = "386",
        ["i686"] = "386",
        ["x86"] = "386",
    };

    /// <summary>Every image with the place of its payload; one without a platform, with a mistake noted, counts as <c>any</c>.</summary>
    public IReadOnlyList<(BundleImage Image, YamlMark Mark)> Read(IReadOnlyList<YamlFields> images)
    {
        var read = new List<(BundleImage, YamlMark)>();
        var seen = new Dictionary<Platform, int>();
        foreach (var fields in images)
        {
            var (image, hasPlatform) = Image(fields);
            if (hasPlatform && !seen.TryAdd(image.Platform, fields.Mark.Line))
                mistakes.Add(fields.Mark, $"There is an image for {image.Platform} already, on line {seen[image.Platform]}; one for each platform.");
            read.Add((image, fields.MarkOf(image.Path is null && fields.Has("sourceFolder") ? "sourceFolder" : "path")));
        }
        return read;
    }

    private (BundleImage Image, bool HasPlatform) Image(YamlFields fields)
    {
        var platform = Platform(fields);
        var path = BundleItemReader.RelativePath(fields, "path");
        var folder = BundleItemReader.RelativePath(fields, "sourceFolder");
        CheckPayload(fields, path);
        if (platform is not null && path is not null) CheckName(fields, platform, path);
        var image = new BundleImage(platform ?? new(BundleFormat.AnyArchitecture))
        {
            Path = path,
            SourceFolder = folder,
            MediaType = MediaType(fields),
            Command = ServiceSettingsReader.Command(fields),
            WorkingDirectory = fields.Text("workingDir"),
            Environment = ServiceSettingsReader.Environment(fields),
        };
        fields.Close();
        return (image, platform is not null);
    }

    private void CheckPayload(YamlFields fields, string? path)
    {
        if (type == ItemType.Layer && fields.Has("sourceFolder"))
            fields.Refuse("sourceFolder", "A layer's payload must be a file, not a folder; name its archive with 'path'.");
        else if (fields.Has("path") && fields.Has("sourceFolder"))
            fields.Refuse("sourceFolder", "An image has either 'path', a file, or 'sourceFolder', a folder; keep one.");
        else if (!fields.Has("path") && !fields.Has("sourceFolder"))
            mistakes.Add(fields.Mark, type == ItemType.Layer
                ? "An image needs 'path': the layer's archive, relative to the item's folder or the bundle's."
                : "An image needs 'sourceFolder', a folder, or 'path', a file.");
        else if (path is { Length: 0 })
            fields.Refuse("path", "'path' must name a file, not the folder itself.");
    }

    private string? MediaType(YamlFields fields)
    {
        var mediaType = fields.Text("mediaType");
        if (type != ItemType.Layer) return mediaType;
        if (mediaType is not (null or MediaTypes.LayerGzip or MediaTypes.LayerTar))
            fields.Refuse("mediaType", $"A layer of '{Quote.Short(mediaType)}' is not read; write {MediaTypes.LayerGzip}.");
        return mediaType ?? MediaTypes.LayerGzip;
    }

    private Platform? Platform(YamlFields fields)
    {
        var os = new Platform("");
        if (fields.Fields("osInfo", "the osInfo") is { } info)
        {
            os = os with
            {
                Os = (info.Text("os") ?? "linux").ToLowerInvariant(),
                OsVersion = info.Text("version"),
                OsFeatures = info.Texts("features").Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal).ToEquatableList(),
            };
            if (os.Os != "linux") info.Refuse("os", $"The operating system '{Quote.Short(os.Os)}' is not supported; write linux.");
            info.Close();
        }
        if (fields.RequiredFields("archInfo", "the archInfo") is not { } arch) return null;
        var architecture = arch.RequiredText("architecture");
        var variant = arch.Text("variant");
        arch.Close();
        if (architecture is null) return null;
        if (Architectures.Contains(architecture) || (architecture == BundleFormat.AnyArchitecture && type != ItemType.Layer))
            return os with { Architecture = architecture, Variant = variant };
        arch.Refuse("architecture", OtherNames.TryGetValue(architecture, out var oci)
            ? $"Architectures are written as OCI names them: write {oci} for '{architecture}'."
            : $"'{Quote.Short(architecture)}' is no architecture known here{NearestName.Hint(architecture, Architectures)}; known are {string.Join(", ", Architectures)}.");
        return null;
    }

    /// <summary>An archive that follows the naming rule <c>OS-ARCH-VERSION.tar.gz</c> must name the image's own architecture.</summary>
    private static void CheckName(YamlFields fields, Platform platform, string path)
    {
        var file = path[(path.LastIndexOf('/') + 1)..];
        var parts = file.Split('-');
        if (parts.Length < 3 || parts[0] != platform.Os || !Architectures.Contains(parts[1]) || parts[1] == platform.Architecture) return;
        fields.Refuse("path", $"The {platform.Architecture} image names '{Quote.Short(path)}', an archive for {parts[1]}; name the one for {platform.Architecture}, "
            + $"{platform.Os}-{platform.Architecture}-{string.Join('-', parts[2..])}.");
    }
}
