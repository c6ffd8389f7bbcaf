using System.Text;
using Strata.Build.Feeds;
using Xunit;

namespace Strata.Tests.Build.Feeds;

public sealed class DebPackageTests
{
    [Fact]
    public void The_newest_time_of_all_members_is_given()
    {
        var file = "!<arch>\n" + Member("debian-binary", 100, "2.0\n") + Member("control.tar.xz", 300, "odd") + "\n" + Member("data.tar.xz", 200, "even");
        Assert.Equal(300, DebPackage.Time(new MemoryStream(Encoding.ASCII.GetBytes(file))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK not an archive at all")]
    [InlineData("!<arch>\ndebian-binary   x           0     0     100644  4         `\n2.0\n")]
    public void Anything_else_is_refused(string file) =>
        Assert.Throws<InvalidDataException>(() => DebPackage.Time(new MemoryStream(Encoding.ASCII.GetBytes(file))));

    private static string Member(string name, int time, string content) => $"{name,-16}{time,-12}{0,-6}{0,-6}{"100644",-8}{content.Length,-10}`\n{content}";
}
