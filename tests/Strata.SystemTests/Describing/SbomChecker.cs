using Strata.SystemTests.Running;
using Strata.Tests.Building;

namespace Strata.SystemTests.Describing;

/// <summary>Judges documents with schemas and parsers that are not ours, taken from the Node registry by lock and kept in the user's cache.</summary>
public sealed class SbomChecker : IAsyncLifetime
{
    private static readonly string Sources = Path.Combine(Repository.Root, "tests/Strata.SystemTests/Describing");
    private string _folder = "";

    public async ValueTask InitializeAsync() => _folder = await NodePackages.InstallAsync(Path.Combine(Sources, "checker"), "sbom-checker");

    public ValueTask DisposeAsync() => default;

    /// <summary>The mistakes in a CycloneDX document, by the official schema.</summary>
    public Task<string> CycloneDxAsync(string file) => CheckAsync("cdx", file);

    /// <summary>The mistakes in an SPDX document.</summary>
    public Task<string> SpdxAsync(string file) =>
        CheckAsync("spdx", file, Environment.GetEnvironmentVariable("STRATA_SPDX_SCHEMA") is { Length: > 0 } official ? official : Path.Combine(Sources, "spdx-2.3.written.schema.json"));

    /// <summary>The mistakes in documents of ours, by their published schema; each line begins with the document's file.</summary>
    public Task<string> OwnAsync(string schema, params IEnumerable<string> files) => CheckAsync(["schema", Path.Combine(Repository.Root, "docs/formats", schema), .. files]);

    /// <summary>The mistakes in a description of an API, by a validator of OpenAPI 3.1.</summary>
    public Task<string> OpenApiAsync(string file) => CheckAsync("openapi", file);

    private async Task<string> CheckAsync(params string[] arguments)
    {
        var (code, output, error) = await Tool.RunAsync("sh", ["-c", "cd \"$1\" && shift && exec node \"$@\"", "sh", _folder, Path.Combine(Sources, "checker/check.mjs"), .. arguments]);
        Assert.True(code is 0 or 1 && error.Length == 0, $"The checker ended with {code}: {error}");
        Assert.Equal(code == 0, output.Length == 0);
        return output;
    }
}
