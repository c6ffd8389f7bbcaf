using Strata.Artifacts.Signing;
using Strata.Hub;
using Strata.Hub.Access;
using Strata.Hub.Publishing;
using Strata.Store;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Publishing;

public sealed class UploadBoundsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Room_that_one_upload_was_promised_is_not_promised_to_another_until_it_is_filled_or_given_up()
    {
        var room = new UploadRoom(HubOptions.Parse(["--data", _folder.Path, "--pki", "none"]).Options);
        var most = new DriveInfo(_folder.Path).AvailableFreeSpace * 2 / 3; // the tests beside this one write, too
        room.Promise(_folder["one"], "a", most);
        Assert.Throws<SpaceExhaustedException>(() => room.Promise(_folder["two"], "b", most));
        using (var file = File.Create(_folder["one"]))
        {
            file.SetLength(most); // a hole: it is filled as far as anybody can see, and takes no room
        }
        room.Promise(_folder["two"], "b", most);
        room.Release(_folder["two"]);
        room.Promise(_folder["three"], "c", most);
    }

    [Fact]
    public void One_owner_holds_at_most_half_of_what_is_free_with_several_uploads_and_others_find_room()
    {
        var room = new UploadRoom(HubOptions.Parse(["--data", _folder.Path, "--pki", "none"]).Options);
        var third = new DriveInfo(_folder.Path).AvailableFreeSpace / 3;
        room.Promise(_folder["one"], "greedy", third);
        Assert.Throws<SpaceExhaustedException>(() => room.Promise(_folder["two"], "greedy", third));
        room.Promise(_folder["three"], "modest", third);
        room.Release(_folder["one"]);
        room.Promise(_folder["two"], "greedy", third);
    }

    [Fact]
    public void A_user_has_a_bounded_number_of_live_streams_and_others_have_theirs()
    {
        var readers = new LiveReaders();
        static Caller User(string name) => new(name, ClientRole.Oem, "oem.example", Guid.Empty, null);
        var places = Enumerable.Range(0, LiveReaders.MostOfOneUser).Select(_ => readers.Enter(User("one"))).ToList();
        Assert.DoesNotContain(null, places);
        Assert.Null(readers.Enter(User("one")));
        Assert.NotNull(readers.Enter(User("two")));
        places[0]!.Dispose();
        places[0]!.Dispose();
        Assert.NotNull(readers.Enter(User("one")));
        Assert.Null(readers.Enter(User("one")));
    }
}
