using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Strata.SystemTests.Running;
using Strata.Tests.Store;

namespace Strata.SystemTests.Hub;

/// <summary>A real PostgreSQL and a real S3 store (OpenStack Swift), on loopback and in a folder of their own.</summary>
[CollectionDefinition(Shared)]
public sealed class Servers : IAsyncLifetime, ICollectionFixture<Servers>
{
    /// <summary>Test classes of this collection share one of each.</summary>
    public const string Shared = "servers";

    private const string Postgres = "/usr/lib/postgresql/15/bin/";
    private static readonly string[] AsPostgres = ["--reuid", "postgres", "--regid", "postgres", "--init-groups"];
    private readonly TestFolder _folder = new();
    private readonly List<Process> _swift = [];
    private readonly int _postgresPort = FreePort();
    private readonly int _swiftPort = FreePort();
    private int _used;

    /// <summary>The key of the S3 store, as a hub reads it.</summary>
    public static IReadOnlyDictionary<string, string> Key { get; } = new Dictionary<string, string>
    {
        ["AWS_ACCESS_KEY_ID"] = "test:tester", ["AWS_SECRET_ACCESS_KEY"] = "testing",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Options of a hub with an empty database and an empty bucket.</summary>
    public async Task<(string Bucket, string[] Options)> FreshAsync()
    {
        var database = await FreshDatabaseAsync();
        var name = database.AbsolutePath.Trim('/');
        return (name, ["--database", database.ToString(), "--insecure-blobs", $"s3://127.0.0.1:{_swiftPort}/{name}"]);
    }

    /// <summary>A new empty database.</summary>
    public async Task<Uri> FreshDatabaseAsync()
    {
        var name = $"strata{++_used}";
        await Tool.OutputAsync(Postgres + "createdb", "-h", "127.0.0.1", "-p", Text(_postgresPort), "-U", "postgres", name);
        return new($"postgres://postgres@127.0.0.1:{_postgresPort}/{name}");
    }

    /// <summary>A bucket that is not there yet.</summary>
    public Uri FreshBucket() => new($"http://127.0.0.1:{_swiftPort}/strata{++_used}");

    /// <summary>Ends PostgreSQL as a power cut would, all its processes, and starts it again.</summary>
    public async Task CutPostgresAsync()
    {
        var master = (await File.ReadAllLinesAsync(_folder["postgres/data/postmaster.pid"], Cancellation))[0];
        string[] all = [master, .. (await Tool.OutputAsync("pgrep", "-P", master)).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        await Tool.RunAsync("kill", ["-KILL", .. all]);
        while (all.Any(id => Directory.Exists($"/proc/{id}"))) await Task.Delay(10, Cancellation); // it does not start while one of them is there
        await StartPostgresAsync();
    }

    /// <summary>Names of the objects in a bucket, as they stand in Swift's own database.</summary>
    public async Task<string[]> ObjectsAsync(string bucket)
    {
        const string script = """
            import glob, sqlite3, sys
            for file in glob.glob(sys.argv[1] + '/d1/containers/**/*.db', recursive=True):
                database = sqlite3.connect(file)
                if database.execute('select container from container_stat').fetchone()[0] == sys.argv[2]:
                    for name, in database.execute('select name from object where deleted = 0'): print(name)
            """;
        return (await Tool.OutputAsync("python3", "-c", script, _folder["node"], bucket)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public async ValueTask InitializeAsync()
    {
        var postgres = Directory.CreateDirectory(_folder["postgres"]).FullName;
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED);
        await Tool.OutputAsync("chown", "postgres:postgres", postgres);
        await Tool.OutputAsync("setpriv", [.. AsPostgres, Postgres + "initdb", "-D", $"{postgres}/data", "-A", "trust", "-U", "postgres", "--no-sync"]);
        await StartPostgresAsync();
        await StartSwiftAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _swift)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            server.Dispose();
        }
        await Tool.RunAsync("setpriv", [.. AsPostgres, Postgres + "pg_ctl", "-D", _folder["postgres/data"], "-m", "immediate", "-w", "stop"]);
        _folder.Dispose();
    }

    private async Task StartPostgresAsync()
    {
        var postgres = _folder["postgres"];
        await Tool.OutputAsync("setpriv", [.. AsPostgres, Postgres + "pg_ctl", "-D", $"{postgres}/data", "-l", $"{postgres}/log", "-w", "start",
            "-o", $"-p {_postgresPort} -c listen_addresses=127.0.0.1 -c unix_socket_directories={postgres}"]);
    }

    private async Task StartSwiftAsync()
    {
        Directory.CreateDirectory(_folder["node/d1"]);
        await WriteAsync("swift.conf", "[swift-hash]\nswift_hash_path_suffix = strata\n");
        foreach (var ring in new[] { "account", "container", "object" })
        {
            var port = FreePort();
            await Tool.OutputAsync("swift-ring-builder", _folder[$"{ring}.builder"], "create", "4", "1", "1");
            await Tool.OutputAsync("swift-ring-builder", _folder[$"{ring}.builder"], "add", $"r1z1-127.0.0.1:{port}/d1", "1");
            await Tool.OutputAsync("swift-ring-builder", _folder[$"{ring}.builder"], "rebalance");
            await WriteAsync($"{ring}.conf", $"""
                {Common(port)}
                devices = {_folder["node"]}
                mount_check = false
                [pipeline:main]
                pipeline = {ring}-server
                [app:{ring}-server]
                use = egg:swift#{ring}
                """);
        }
        await WriteAsync("proxy.conf", $"""
            {Common(_swiftPort)}
            [pipeline:main]
            pipeline = catch_errors cache s3api tempauth bulk slo dlo proxy-server
            [app:proxy-server]
            use = egg:swift#proxy
            allow_account_management = true
            account_autocreate = true
            [filter:catch_errors]
            use = egg:swift#catch_errors
            [filter:cache]
            use = egg:swift#memcache
            memcache_servers = 127.0.0.1:1
            [filter:s3api]
            use = egg:swift#s3api
            location = us-east-1
            [filter:tempauth]
            use = egg:swift#tempauth
            user_test_tester = testing .admin
            [filter:bulk]
            use = egg:swift#bulk
            [filter:slo]
            use = egg:swift#slo
            [filter:dlo]
            use = egg:swift#dlo
            """);
        foreach (var server in new[] { "account", "container", "object", "proxy" })
        {
            var start = new ProcessStartInfo($"/usr/bin/swift-{server}-server", [_folder[$"{server}.conf"]]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["SWIFT_DIR"] = _folder.Path;
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _swift.Add(process);
        }
        using var client = new HttpClient();
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_swiftPort}/"), Cancellation); // any answer: it listens
                return;
            }
            catch (HttpRequestException) when (tries < 300)
            {
                await Task.Delay(100, Cancellation);
            }
        }
    }

    private string Common(int port) => $"""
        [DEFAULT]
        bind_ip = 127.0.0.1
        bind_port = {port}
        swift_dir = {_folder.Path}
        user = root
        workers = 0
        log_level = ERROR
        """;

    private Task WriteAsync(string name, string text) => File.WriteAllTextAsync(_folder[name], text, Cancellation);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
