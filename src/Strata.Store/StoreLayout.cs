namespace Strata.Store;

/// <summary>Where things are in a store directory. Names are short because overlayfs's mount options have to fit one page.</summary>
internal static class StoreLayout
{
    /// <summary>Whole, verified blobs, each named by its hash.</summary>
    public static string Blobs(string root) => Path.Combine(root, "blobs", "sha256");

    /// <summary>What is not whole yet. A crash leaves garbage here and nowhere else.</summary>
    public static string Ingest(string root) => Path.Combine(root, "ingest");

    /// <summary>Unpacked trees under short numbers.</summary>
    public static string Trees(string root) => Path.Combine(root, "l");

    /// <summary>For each diff id a link to its tree.</summary>
    public static string Layers(string root) => Path.Combine(root, "layers");
}
