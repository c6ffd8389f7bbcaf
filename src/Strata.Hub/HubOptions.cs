using System.Globalization;
using System.Net;
using Strata.Model.Units;
using Strata.Hub.Portal.OpenId;

namespace Strata.Hub;

/// <summary>How a hub was started.</summary>
internal sealed record HubOptions
{
    /// <summary>Lines for <c>--help</c>.</summary>
    public const string Help = """
        strata-hub --data DIR --pki DIR [--domain localhost] [--bind 127.0.0.1]
                   [--api-port 10000] [--units-port 9000] [--blobs-port 10001] [--portal-port 10002]
                   [--portal-mtls-port 10003]
                   [--database postgres://USER@HOST[:PORT]/NAME | --follow postgres://USER@HOST[:PORT]/NAME]
                   [--blobs s3://HOST[:PORT]/BUCKET | --insecure-blobs s3://HOST[:PORT]/BUCKET]
                   [--openid FILE]
                   [--fleet FILE]
                   [--garbage-grace 21600] [--garbage-period 3600]
                   [--max-bundle-bytes 4294967296]

        Runs a hub until SIGTERM or Ctrl-C. Port 0 takes any free port; the addresses are written to DIR/hub.json.
        Without --database and --blobs everything is kept in DIR. PostgreSQL's password comes from PGPASSWORD, PGPASSFILE or ~/.pgpass,
        the key of an S3 store from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or ~/.aws/credentials. --insecure-blobs speaks plain HTTP.
        --follow reads the database of a hub that runs elsewhere, and answers what only reads; it needs that hub's --blobs.
        --openid names the provider of OpenID Connect that signs people in to the portal, and whom it makes of them.
        --fleet says what units hold until they say it themselves: docs/formats/fleet.md.
        Every --garbage-period seconds blobs are removed that nothing has named for --garbage-grace seconds; that is longer than any upload takes.
        """;

    /// <summary>Where everything is kept; made if it is not there.</summary>
    public string Data { get; private set; } = "";

    /// <summary>Folder with users-root.crt, fleet-root.crt, hub.p12 and release.p12.</summary>
    public string Pki { get; private set; } = "";

    /// <summary>The name that clients and units reach the hub by.</summary>
    public string Domain { get; private set; } = "localhost";

    /// <summary>The address that all listeners are bound to.</summary>
    public IPAddress Bind { get; private set; } = IPAddress.Loopback;

    public int ApiPort { get; private set; } = 10000;

    public int UnitsPort { get; private set; } = 9000;

    public int BlobsPort { get; private set; } = 10001;

    public int PortalPort { get; private set; } = 10002;

    /// <summary>Where browsers present a user's certificate to sign in to the portal.</summary>
    public int PortalMtlsPort { get; private set; } = 10003;

    /// <summary>Largest bundle that is taken, in bytes.</summary>
    public long MaxBundleBytes { get; private set; } = 4L << 30;

    /// <summary><c>postgres://</c>; null for a file in <see cref="Data"/>.</summary>
    public Uri? Database { get; private set; }

    /// <summary>Another hub writes <see cref="Database"/>; this one follows, and answers what only reads.</summary>
    public bool IsFollower { get; private set; }

    /// <summary><c>https://</c> or, where it was asked for, <c>http://</c> address of a bucket in an S3 store; null for a folder in <see cref="Data"/>.</summary>
    public Uri? Blobs { get; private set; }

    /// <summary>File that says who else signs people in to the portal; null for nobody.</summary>
    public string? OpenIdFile { get; private set; }

    /// <summary>What stands in <see cref="OpenIdFile"/>, once it was read.</summary>
    public OpenIdSettings? OpenId { get; init; }

    /// <summary>What units are assumed to hold until they speak for themselves; null for nothing.</summary>
    public string? FleetFile { get; private set; }

    /// <summary>What <see cref="FleetFile"/> says.</summary>
    public Fleet Fleet { get; init; } = Fleet.Empty;

    /// <summary>How long nothing must have named a blob before it goes; longer than the longest upload with its judgement.</summary>
    public TimeSpan GarbageGrace { get; private set; } = TimeSpan.FromHours(6);

    /// <summary>How often garbage is looked for.</summary>
    public TimeSpan GarbagePeriod { get; private set; } = TimeSpan.FromHours(1);

    // Each takes a value and gives back what is wrong with it, or null.
    private static readonly Dictionary<string, Func<HubOptions, string, string?>> Setters = new(StringComparer.Ordinal)
    {
        ["--data"] = (options, value) => Text(Path.GetFullPath(value), t => options.Data = t),
        ["--pki"] = (options, value) => Text(Path.GetFullPath(value), t => options.Pki = t),
        ["--domain"] = (options, value) => Text(value, t => options.Domain = t),
        ["--bind"] = (options, value) => options.SetBind(value),
        ["--api-port"] = (options, value) => Port("--api-port", value, p => options.ApiPort = p),
        ["--units-port"] = (options, value) => Port("--units-port", value, p => options.UnitsPort = p),
        ["--blobs-port"] = (options, value) => Port("--blobs-port", value, p => options.BlobsPort = p),
        ["--portal-port"] = (options, value) => Port("--portal-port", value, p => options.PortalPort = p),
        ["--portal-mtls-port"] = (options, value) => Port("--portal-mtls-port", value, p => options.PortalMtlsPort = p),
        ["--database"] = (options, value) => options.SetDatabase("--database", value),
        ["--follow"] = (options, value) =>
        {
            options.IsFollower = true;
            return options.SetDatabase("--follow", value);
        },
        ["--blobs"] = (options, value) => options.SetBlobs("--blobs", value, Uri.UriSchemeHttps),
        ["--insecure-blobs"] = (options, value) => options.SetBlobs("--insecure-blobs", value, Uri.UriSchemeHttp),
        ["--openid"] = (options, value) => Text(Path.GetFullPath(value), t => options.OpenIdFile = t),
        ["--fleet"] = (options, value) => Text(Path.GetFullPath(value), t => options.FleetFile = t),
        ["--garbage-grace"] = (options, value) => Time("--garbage-grace", value, t => options.GarbageGrace = t),
        ["--garbage-period"] = (options, value) => Time("--garbage-period", value, t => options.GarbagePeriod = t),
        ["--max-bundle-bytes"] = (options, value) => options.SetMaxBundleBytes(value),
    };

    /// <summary>Every option that there is.</summary>
    public static IEnumerable<string> Names => Setters.Keys;

    /// <summary>Reads the command line; every mistake is listed.</summary>
    public static (HubOptions Options, IReadOnlyList<string> Mistakes) Parse(IReadOnlyList<string> args)
    {
        var options = new HubOptions();
        var mistakes = new List<string>();
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) mistakes.Add($"{args[i]} has no value behind it.");
            else if (options.Set(args[i], args[i + 1]) is { } mistake) mistakes.Add(mistake);
        }
        if (options.Data.Length == 0) mistakes.Add("--data is missing; name the folder that the hub keeps everything in.");
        if (options.Pki.Length == 0) mistakes.Add("--pki is missing; name the folder that 'strata pki init' made.");
        if (options.IsFollower && options.Blobs is null) mistakes.Add("--follow needs the store of the hub that it follows; name it with --blobs, as that hub does.");
        if (options.IsFollower && options.FleetFile is not null) mistakes.Add("--fleet is for the hub that writes; leave it out beside --follow.");
        return (options, mistakes);
    }

    private string? Set(string name, string value) =>
        value.Length == 0 ? $"{name} is empty."
        : Setters.TryGetValue(name, out var set) ? set(this, value)
        : $"{name} is not an option of strata-hub.";

    private string? SetBind(string value)
    {
        if (!IPAddress.TryParse(value, out var address)) return $"--bind {value} is not an IP address; write one such as 127.0.0.1 or 0.0.0.0.";
        Bind = address;
        return null;
    }

    private string? SetMaxBundleBytes(string value)
    {
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) || bytes == 0) return $"--max-bundle-bytes {value} is not a number of bytes.";
        MaxBundleBytes = bytes;
        return null;
    }

    private string? SetDatabase(string name, string value)
    {
        if (Database is not null) return $"{name} is the second database; give one.";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("postgres" or "postgresql") || address.UserInfo.Length == 0 || address.AbsolutePath.Trim('/').Length == 0)
            return $"{name} is no address of a PostgreSQL database; write postgres://USER@HOST:PORT/NAME.";
        if (address.UserInfo.Contains(':', StringComparison.Ordinal))
            return $"{name} holds a password, which everybody on this machine could read; give it in PGPASSWORD, PGPASSFILE or ~/.pgpass.";
        Database = address;
        return null;
    }

    private string? SetBlobs(string name, string value, string scheme)
    {
        if (Blobs is not null) return $"{name} is the second place for blobs; give one.";
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme != "s3" || address.UserInfo.Length > 0 || address.AbsolutePath.Trim('/') is not { Length: > 0 } bucket || bucket.Contains('/', StringComparison.Ordinal))
            return $"{name} {Quote(value)} is no address of a bucket; write s3://HOST:PORT/BUCKET.";
        Blobs = new UriBuilder(scheme, address.Host, address.Port, bucket).Uri;
        return null;
    }

    private static string Quote(string value) => Model.Identity.Quote.Short(value);

    private static string? Text(string value, Action<string> set)
    {
        set(value);
        return null;
    }

    private static string? Time(string name, string value, Action<TimeSpan> set)
    {
        const int mostSeconds = 30 * 24 * 3600;
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds is 0 or > mostSeconds) return $"{name} {value} is not a time; write seconds from 1 to {mostSeconds}.";
        set(TimeSpan.FromSeconds(seconds));
        return null;
    }

    private static string? Port(string name, string value, Action<int> set)
    {
        if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var port)) return $"{name} {value} is not a port; write a number from 0 to 65535.";
        set(port);
        return null;
    }
}
