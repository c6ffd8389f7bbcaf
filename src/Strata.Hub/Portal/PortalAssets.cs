using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using Strata.Hub.Listeners;

namespace Strata.Hub.Portal;

/// <summary>Stylesheets, scripts and pictures of the pages: parts of the program, packed once, and kept by browsers for as long as they like.</summary>
/// <remarks>
/// All stand in one folder whose name is the digest of them together, so that scripts find each other by relative names
/// and a new release of the hub is never mixed with what a browser keeps of the old one.
/// </remarks>
internal sealed class PortalAssets
{
    private const string Prefix = "portal/";
    private const int DigestBytes = 8;
    private readonly SortedDictionary<string, Asset> _assets = new(StringComparer.Ordinal);
    private readonly string _folder;

    public PortalAssets()
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(resource)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            all.AppendData(System.Text.Encoding.UTF8.GetBytes($"{resource} {bytes.Length}\n"));
            all.AppendData(bytes);
            _assets[resource[Prefix.Length..]] = new(bytes, new(() => Pack(bytes)), TypeOf(resource));
        }
        _folder = $"/assets/{Convert.ToHexStringLower(all.GetHashAndReset(), 0, DigestBytes)}/";
    }

    /// <summary>Where browsers find the asset <paramref name="name"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public string Address(string name) => _assets.ContainsKey(name) ? _folder + name : throw new KeyNotFoundException($"The portal has no asset '{name}'.");

    /// <summary>Serves them to everybody, at both doors that have pages.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (var (name, asset) in _assets)
            routes.MapMethods(_folder + name, [HttpMethods.Get, HttpMethods.Head], context => asset.SendAsync(context)).At(Listener.Portal).At(Listener.PortalCertificate);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        var other => throw new NotSupportedException($"The portal does not know how to serve '{other}'."),
    };

    private sealed record Asset(byte[] Plain, Lazy<byte[]> Packed, string Type)
    {
        public Task SendAsync(HttpContext context)
        {
            var headers = context.Response.Headers;
            headers.CacheControl = "public, max-age=31536000, immutable";
            headers.Vary = HeaderNames.AcceptEncoding;
            headers.XContentTypeOptions = "nosniff";
            var isPacked = context.Request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value == "gzip" && e.Quality is not 0);
            if (isPacked) headers.ContentEncoding = "gzip";
            return TypedResults.Bytes(isPacked ? Packed.Value : Plain, Type).ExecuteAsync(context);
        }
    }
}
