using Strata.Cli.Commands.Programs;
using Strata.Cli.Shell;
using Strata.Tests.Hub;
using Strata.Tests.Store;

namespace Strata.Tests.Cli;

public sealed class HubSignInTests : IDisposable
{
    private readonly TestFolder _data = new();

    public HubSignInTests() =>
        File.WriteAllText(_data["hub.json"], """{"api":"https://localhost:1/","discovery":"https://localhost:2/","portal":"https://localhost:3/","signIn":"https://localhost:3/sign-in?token=a"}""");

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_link_is_good_for_ten_minutes()
    {
        Directory.CreateDirectory(_data["sign-in"]);
        var made = HubSignInCommand.Make(_data.Path, new HandClock());
        Assert.StartsWith("https://localhost:3/sign-in?token=", made.Link, StringComparison.Ordinal);
        Assert.Equal(Sample.At.AddMinutes(10), made.EndsAt);
        Assert.Single(Directory.GetFiles(_data["sign-in"]));
    }

    [Fact]
    public void What_ails_the_folder_is_called_a_full_disk_only_when_it_is_one()
    {
        File.CreateSymbolicLink(_data["sign-in"], _data["sign-in"]);
        var thrown = Assert.ThrowsAny<IOException>(() => HubSignInCommand.Make(_data.Path, new HandClock()));
        Assert.Equal(ExitCode.Failed, UnexpectedFailure.Of(thrown).Code);
    }
}
