namespace Strata.Model.Layers;

/// <summary>The media types of the documents and blobs that Strata reads and writes.</summary>
/// <remarks>Source: OCI image-spec 1.1, media-types.md; aos_core_lib_cpp for the Aos item configuration.</remarks>
public static class MediaTypes
{
    /// <summary>A gzip-compressed layer.</summary>
    public const string LayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";

    /// <summary>An uncompressed layer.</summary>
    public const string LayerTar = "application/vnd.oci.image.layer.v1.tar";

    /// <summary>An image index.</summary>
    public const string Index = "application/vnd.oci.image.index.v1+json";

    /// <summary>An image manifest.</summary>
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";

    /// <summary>An image configuration.</summary>
    public const string ImageConfig = "application/vnd.oci.image.config.v1+json";

    /// <summary>An Aos item configuration, referenced from a manifest's <c>aosItemConfig</c>.</summary>
    public const string AosItemConfig = "application/vnd.aos.item.config.v1+json";
}
