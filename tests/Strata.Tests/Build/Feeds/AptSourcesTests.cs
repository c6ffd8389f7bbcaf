using Strata.Build.Feeds;
using Xunit;

namespace Strata.Tests.Build.Feeds;

public sealed class AptSourcesTests
{
    [Fact]
    public void Stanzas_of_the_suite_its_updates_and_its_security_are_kept()
    {
        var kept = AptSources.Stanzas("""
            Types: deb
            URIs: http://archive.example/debian
            Suites: bookworm bookworm-updates
            Components: main

            Types: deb-src
            URIs: http://archive.example/debian
            Suites: bookworm

            Types: deb
            URIs: http://archive.example/security
            Suites: bookworm-security

            Types: deb
            URIs: http://vendor.example
            Suites: nodistro

            Enabled: no
            Types: deb
            URIs: http://archive.example/off
            Suites: bookworm
            """, "bookworm");
        Assert.Equal(2, kept.Count);
        Assert.Contains("bookworm-updates", kept[0], StringComparison.Ordinal);
        Assert.Contains("bookworm-security", kept[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_the_suite_are_kept_with_their_options()
    {
        const string text = """
            # deb http://archive.example/debian bookworm main
            deb [arch=amd64 signed-by=/x.gpg] http://archive.example/debian bookworm main
            deb http://archive.example/security bookworm-security main
            deb-src http://archive.example/debian bookworm main
            deb http://vendor.example cloud-sdk-bookworm main
            """;
        Assert.Equal(
            ["deb [arch=amd64 signed-by=/x.gpg] http://archive.example/debian bookworm main\n", "deb http://archive.example/security bookworm-security main\n"],
            AptSources.Lines(text, "bookworm"));
    }
}
