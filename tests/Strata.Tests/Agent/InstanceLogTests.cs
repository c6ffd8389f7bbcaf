using Strata.Agent.Running;

namespace Strata.Tests.Agent;

public sealed class InstanceLogTests
{
    [Fact]
    public void A_log_that_is_too_long_starts_anew_under_whoever_appends_to_it()
    {
        var folder = Directory.CreateTempSubdirectory("strata-log-").FullName;
        var path = Path.Combine(folder, "a.log");
        using (var open = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0))
        {
            open.Write("0123456789"u8);
            InstanceLog.Bound(path, maxBytes: 10);
            Assert.Equal(10, new FileInfo(path).Length);
            open.Write("x"u8);
            InstanceLog.Bound(path, maxBytes: 10);
        }
        File.AppendAllText(path, "new");

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal("0123456789x", File.ReadAllText(path + ".1"));
        Directory.Delete(folder, recursive: true);
    }
}
