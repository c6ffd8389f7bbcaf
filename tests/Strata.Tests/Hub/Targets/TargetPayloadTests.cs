using System.Text;
using System.Text.Json.Nodes;
using Strata.Hub.Targets;

namespace Strata.Tests.Hub.Targets;

/// <summary>Signed documents of targets that nobody's tool would write.</summary>
public sealed class TargetPayloadTests
{
    private const long MaxBase = 1000;
    private const string Sound = """
        {
          "schemaVersion": 2, "name": "small", "identity": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
          "platform": {"architecture": "amd64", "os": "linux", "os.version": "12"}, "visible": ["bin", "usr"],
          "packages": [{"name": "six", "version": "1.16", "architecture": "all"}],
          "archive": {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
            "diffId": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 10, "unpackedSize": 20},
          "documents": [{"name": "elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 5}]
        }
        """;

    [Fact]
    public void A_sound_document_is_read()
    {
        var (payload, mistakes) = TargetPayload.Read(Encoding.UTF8.GetBytes(Sound), MaxBase);
        Assert.Empty(mistakes);
        Assert.Equal(("small", 1, "12"), (payload!.Name, payload.Packages.Count, payload.Platform.OsVersion));
    }

    [Theory]
    [InlineData("schemaVersion", "1", "this hub reads 2")]
    [InlineData("schemaVersion", "1e400", "cannot be read")]
    [InlineData("schemaVersion", "99999999999999999999", "cannot be read")]
    [InlineData("name", "\"\"", "is no name of a target")]
    [InlineData("name", "\"../../etc\"", "is no name of a target")]
    [InlineData("name", "\"a\\n\"", "is no name of a target")]
    [InlineData("name", "null", "cannot be read")]
    [InlineData("name", "\"\\ud800\"", "cannot be read")]
    [InlineData("identity", "\"sha256:../../etc\"", "cannot be read")]
    [InlineData("platform", "7", "cannot be read")]
    [InlineData("platform", "{}", "cannot be read")]
    [InlineData("platform", """{"architecture": 7}""", "cannot be read")]
    [InlineData("platform", """{"architecture": "\ud800"}""", "cannot be read")]
    [InlineData("platform", """{"architecture": "amd64", "os.features": 7}""", "cannot be read")]
    [InlineData("platform", """{"architecture": "amd64", "os.features": [7]}""", "cannot be read")]
    [InlineData("platform", """{"architecture": "amd\u0007", "os": "linux"}""", "none of them a control character")]
    [InlineData("platform", """{"architecture": "amd64", "variant": ""}""", "1 to 255 characters")]
    [InlineData("visible", """["../etc"]""", "is no top folder")]
    [InlineData("visible", """[".."]""", "is no top folder")]
    [InlineData("visible", "[null]", "A list holds null")]
    [InlineData("packages", "[null]", "A list holds null")]
    [InlineData("packages", """[{"name": "six"}]""", "cannot be read")]
    [InlineData("archive", """{"size": 10}""", "cannot be read")]
    [InlineData("documents", "[null]", "A list holds null")]
    [InlineData("documents", """[{"name": "../elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 5}]""", "is not known here")]
    [InlineData("documents", """[{"name": "elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": -1}]""", "this hub takes up to")]
    [InlineData("documents", """[{"name": "elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 536870913}]""", "this hub takes up to")]
    [InlineData("documents", """[{"name": "elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 1}, {"name": "elf.json", "digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000", "size": 2}]""", "is named twice")]
    public void What_a_target_cannot_be_is_refused_with_its_reason(string key, string value, string reason)
    {
        // Written as text: what some of it is cannot be held in a tree.
        var whole = JsonNode.Parse(Sound)!.AsObject();
        whole.Remove(key);
        Refused(whole.ToJsonString()[..^1] + $",\"{key}\":{value}}}", reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1001)]
    public void A_base_of_an_impossible_size_is_refused(long size)
    {
        var whole = JsonNode.Parse(Sound)!;
        whole["archive"]!["size"] = size;
        Refused(whole.ToJsonString(), "this hub takes 1 to 1000");
    }

    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var whole = JsonNode.Parse(Sound)!;
        (whole["schemaVersion"], whole["name"], whole["visible"]) = (1, "a b", new JsonArray("a/b"));
        Assert.Equal(3, TargetPayload.Read(Encoding.UTF8.GetBytes(whole.ToJsonString()), MaxBase).Mistakes.Count);
    }

    [Fact]
    public void What_is_said_twice_nests_without_end_or_never_ends_is_no_document()
    {
        Refused(Sound.Replace("\"name\": \"small\"", "\"name\": \"small\", \"name\": \"other\"", StringComparison.Ordinal), "Duplicate");
        Refused(Sound.Replace("\"os\": \"linux\"", "\"os\": \"linux\", \"os\": \"other\"", StringComparison.Ordinal), "cannot be read");
        Refused(Sound.Replace("[\"bin\", \"usr\"]", new string('[', 1_000_000), StringComparison.Ordinal), "cannot be read");
        Refused(Sound.Replace("\"os\": \"linux\"", $"\"os\": {string.Concat(Enumerable.Repeat("{\"a\":", 100_000))}", StringComparison.Ordinal), "cannot be read");
        Refused(Sound[..^20], "cannot be read");
        Refused(Sound + "{}", "cannot be read");
        Refused("null", "cannot be read");
        Refused("", "cannot be read");
    }

    [Fact]
    public void Lists_that_the_hub_would_keep_in_memory_are_bounded()
    {
        var whole = JsonNode.Parse(Sound)!;
        whole["visible"] = new JsonArray([.. Enumerable.Range(0, 257).Select(i => (JsonNode)$"f{i}")]);
        whole["platform"]!["os.features"] = new JsonArray([.. Enumerable.Range(0, 257).Select(i => (JsonNode)$"f{i}")]);
        var (_, mistakes) = TargetPayload.Read(Encoding.UTF8.GetBytes(whole.ToJsonString()), MaxBase);
        Assert.Equal(["The target names 257 visible folders; this hub takes up to 256.", "The platform's words have 1 to 255 characters, none of them a control character, and are at most 256."], mistakes);
    }

    private static void Refused(string document, string reason)
    {
        var (payload, mistakes) = TargetPayload.Read(Encoding.UTF8.GetBytes(document), MaxBase);
        Assert.Null(payload);
        Assert.Contains(reason, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.True(mistakes[0].Length < 1000, "a reason is for a person to read");
    }
}
