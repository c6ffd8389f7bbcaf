using Strata.Build.Feeds;
using Strata.Build.Recipes;
using Xunit;

namespace Strata.Tests.Build.Feeds;

public sealed class UnknownPackageTests
{
    private static readonly string[] Known = ["python3-pyavm", "python3-pygal", "python3-pysam", "python3-yaml"];

    [Fact]
    public void A_slip_in_a_name_that_the_target_maps_is_answered_with_that_name()
    {
        var request = new PackageRequest("python3-pyyalm", "python3-pyyalm", new SourcePosition("some.bb", 10, 5));

        Assert.Contains("near to it are python3-pyyaml, ", UnknownPackage.Sentence(request, "bookworm", Known, ["python3-pyyaml"], []), StringComparison.Ordinal);
        Assert.DoesNotContain("python3-pyyaml", UnknownPackage.Sentence(request, "bookworm", Known, [], []), StringComparison.Ordinal);
    }
}
