using Strata.Artifacts.Signing;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Catalogues;
using Strata.Hub.State;
using Strata.Model.Catalogues;
using Strata.Model.Identity;

namespace Strata.Tests.Hub.Catalogues;

public sealed class LayerRulesTests : IAsyncLifetime
{
    private static readonly Caller Oem = new("anna", ClientRole.Oem, Sample.Oem, Sample.Owner, null);
    private static readonly Caller OtherOem = Oem with { Owner = "other-oem.localhost" };
    private static readonly Caller Provider = new("sam", ClientRole.ServiceProvider, "sp.localhost", Guid.NewGuid(), null);
    private static readonly Caller Admin = new("root", ClientRole.Admin, "localhost", Guid.NewGuid(), null);
    private readonly HubGround _hub = new();
    private LayerCare _care = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Layer Lib => _hub.Writer.State.Catalogue.Find(new LayerKey(Sample.Oem, "lib"))!;

    public async ValueTask InitializeAsync()
    {
        _care = new(_hub.Writer);
        // What the sample says of the layer at its end is not what these tests begin with.
        await _hub.CommitAsync([.. Sample.History.TakeWhile(c => c is not LayerVersionMoved), Sample.LayerVersion("1.1.0"), Sample.LayerVersion("2.0.0")]);
    }

    public ValueTask DisposeAsync()
    {
        _hub.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_version_goes_through_its_life_and_each_step_is_there_after_a_restart()
    {
        await DoneAsync("1.0.0", new("deprecated", "end of support", "1.1.0", "2027-01-31"));
        Assert.Equal(new(ReleaseState.Deprecated) { Reason = "end of support", Successor = Version("1.1.0"), EndsOn = new(2027, 1, 31) }, Standing("1.0.0"));
        await DoneAsync("1.0.0", new("yanked", " it loses data "));
        Assert.Equal(new(ReleaseState.Yanked) { Reason = "it loses data" }, Standing("1.0.0"));
        await DoneAsync("1.0.0", new("retired"));
        var sequence = _hub.Writer.State.Sequence;
        await DoneAsync("1.0.0", new("retired")); // said again, it changes nothing
        Assert.Equal(sequence, _hub.Writer.State.Sequence);

        using var again = new HubWriter(_hub.Log, TimeProvider.System);
        again.Load();
        Assert.Equal(ReleaseState.Retired, again.State.Catalogue.FindRelease(Lib.Key, Version("1.0.0"))!.Lifecycle.State);
    }

    [Fact]
    public async Task Who_needs_a_version_is_found_out_before_anybody_waits_for_it()
    {
        using var isPublishing = new ManualResetEventSlim();
        using var published = new ManualResetEventSlim();
        var release = Lib.Find(Version("1.1.0"))!;
        var publishing = Task.Run(() => _hub.Writer.CommitAsync(_ =>
        {
            isPublishing.Set();
            published.Wait(Cancellation);
            return new Decision<bool>(true);
        }, Cancellation), Cancellation);
        isPublishing.Wait(Cancellation);
        var removing = Task.Run(() => _care.RemoveAsync(Oem, "lib", "1.1.0", Cancellation), Cancellation);
        while (!LayerChoices.In(_hub.Writer.State).Knows(release)) await Task.Delay(1, Cancellation);
        published.Set();
        await publishing;
        Assert.Equal(409, (await removing).Outcome.Status);
    }

    [Fact]
    public async Task Every_mistake_of_a_request_is_told_at_once()
    {
        Assert.Equal(3, (await RefusedAsync(422, "1.0.0", new("deprecate", null, "9.0.0", "31.1.2027"))).Count);
        Assert.Contains("did you mean 'deprecated'?", (await RefusedAsync(422, "1.0.0", new("deprecate")))[0], StringComparison.Ordinal);
        Assert.Contains("instead of itself", (await RefusedAsync(422, "1.0.0", new("deprecated", null, "1.0.0")))[0], StringComparison.Ordinal);
        Assert.Contains("needs a reason", (await RefusedAsync(422, "1.0.0", new("yanked", " ")))[0], StringComparison.Ordinal);
        Assert.Contains("belong to a deprecated", (await RefusedAsync(422, "1.0.0", new("released", null, "1.1.0")))[0], StringComparison.Ordinal);
        Assert.Contains("at most 500", (await RefusedAsync(422, "1.0.0", new("yanked", new('x', 501))))[0], StringComparison.Ordinal);
        await RefusedAsync(404, "3.0.0", new("released"));
        await RefusedAsync(400, "one", new("released"));
        await DoneAsync("2.0.0", new("yanked", "broken"));
        Assert.Contains("is yanked: broken", (await RefusedAsync(422, "1.0.0", new("deprecated", null, "2.0.0")))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("candidate")]
    [InlineData("retired")]
    public async Task A_step_that_deceives_somebody_is_a_conflict_with_what_may_be_done(string state) =>
        Assert.Contains("can become deprecated or yanked", (await RefusedAsync(409, "1.0.0", new(state)))[0], StringComparison.Ordinal);

    [Fact]
    public async Task What_is_in_use_is_neither_retired_nor_deleted_and_the_answer_says_who_uses_it()
    {
        await DoneAsync("1.1.0", new("yanked", "broken"));
        await _hub.CommitAsync(new UnitReported(Sample.Unit, new([Sample.Amd64], [new("lib", "layer", "1.1.0", "active", null)], []), Sample.At));
        var retired = await RefusedAsync(409, "1.1.0", new("retired"));
        Assert.Contains("lib 1.1.0 is in use and cannot be retired.", retired[0], StringComparison.Ordinal);
        Assert.Contains("1 unit reported it: unit-1", retired[1], StringComparison.Ordinal);
        var (outcome, _) = await _care.RemoveAsync(Oem, "lib", "1.1.0", Cancellation);
        Assert.Equal((409, "lib 1.1.0 is in use and cannot be deleted."), (outcome.Status, outcome.Reasons[0]));
    }

    [Fact]
    public async Task A_deleted_version_is_gone_for_everybody_and_comes_back_with_its_content_only()
    {
        Assert.Equal(204, (await _care.RemoveAsync(Oem, "lib", "2.0.0", Cancellation)).Outcome.Status);
        Assert.DoesNotContain(Version("2.0.0"), Lib.Releases.Select(r => r.Version));
        Assert.Equal(404, (await _care.RemoveAsync(Oem, "lib", "2.0.0", Cancellation)).Outcome.Status);
        var publication = Assert.IsType<Publication.Refused>(_hub.Writer.State.Catalogue.Publish(
            Sample.LayerVersion("2.0.0").ToRelease() with { Images = Sample.LayerVersion("2.1.0").Images }, Guid.Empty, null, [], 1000));
        Assert.Contains("deleted", publication.Reason, StringComparison.Ordinal);
        Assert.IsType<Publication.Accepted>(_hub.Writer.State.Catalogue.Publish(Sample.LayerVersion("2.0.0").ToRelease(), Guid.Empty, null, [], 1000));
    }

    [Fact]
    public async Task With_its_last_version_a_layer_is_none_any_more()
    {
        await _hub.CommitAsync(new ServiceVersionRemoved(Sample.Service, Version("1.0.0")));
        foreach (var version in new[] { "2.0.0", "1.1.0", "1.0.0" })
            Assert.Equal(204, (await _care.RemoveAsync(Oem, "lib", version, Cancellation)).Outcome.Status);
        Assert.Empty(_hub.Writer.State.Catalogue.Layers);
        Assert.Equal(404, (await _care.SetAsync(Oem, "lib", new(true), Cancellation)).Outcome.Status);
    }

    [Fact]
    public async Task Only_the_owner_decides_and_whoever_may_not_see_the_layer_does_not_learn_that_it_is_there()
    {
        await _hub.CommitAsync(new LayerShared(Sample.Oem, "lib", new() { HiddenFrom = ["hidden.localhost"] }));
        foreach (var (caller, status) in new[] { (OtherOem, 404), (Provider, 403), (Admin, 403), (Provider with { Owner = "hidden.localhost" }, 404) })
        {
            Outcome[] answers =
            [
                (await _care.MoveAsync(caller, "lib", "1.0.0", new("yanked", "why"), Cancellation)).Outcome,
                (await _care.RemoveAsync(caller, "lib", "2.0.0", Cancellation)).Outcome,
                (await _care.ShareAsync(caller, "lib", new LayerSharingRequest(IsOpen: false), Cancellation)).Outcome,
                (await _care.ShareAsync(caller, "lib", "sp.localhost", new("hidden"), Cancellation)).Outcome,
                (await _care.NameAsync(caller, "lib", "mine", Cancellation)).Outcome,
                (await _care.UnnameAsync(caller, "lib", "recipe-lib", Cancellation)).Outcome,
                (await _care.SetAsync(caller, "lib", new(true), Cancellation)).Outcome,
            ];
            Assert.All(answers, a => Assert.Equal(status, a.Status));
        }
        Assert.Equal(ReleaseState.Released, Standing("1.0.0").State);
    }

    [Fact]
    public async Task Sharing_says_what_is_wrong_with_it_and_what_is_left_out_stays()
    {
        Assert.Equal(200, (await _care.ShareAsync(Oem, "lib", new LayerSharingRequest(IsOpen: false, SharedWith: ["sp.localhost"]), Cancellation)).Outcome.Status);
        Assert.Equal(200, (await _care.ShareAsync(Oem, "lib", new LayerSharingRequest(RecommendedTo: ["sp.localhost"]), Cancellation)).Outcome.Status);
        Assert.Equal(new() { IsOpen = false, SharedWith = ["sp.localhost"], RecommendedTo = ["sp.localhost"] }, Lib.Sharing);

        var wrong = (await _care.ShareAsync(Oem, "lib", new LayerSharingRequest(
            SharedWith: ["sp.localhost", "no domain", Sample.Oem], HiddenFrom: ["sp.localhost"], RecommendedTo: ["other.localhost"]), Cancellation)).Outcome;
        Assert.Equal(422, wrong.Status);
        foreach (var mistake in new[] { "'no domain' is no domain", "owns the layer", "it can be in one of them", "Share it with other.localhost first" })
            Assert.Contains(wrong.Reasons, r => r.Contains(mistake, StringComparison.Ordinal));

        Assert.Equal(422, (await _care.ShareAsync(Oem, "lib", "sp2.localhost", new(null, true), Cancellation)).Outcome.Status);
        Assert.Equal(200, (await _care.ShareAsync(Oem, "lib", "sp2.localhost", new("shared", true), Cancellation)).Outcome.Status);
        Assert.Equal(200, (await _care.ShareAsync(Oem, "lib", "sp.localhost", new("hidden"), Cancellation)).Outcome.Status);
        Assert.Equal(new() { IsOpen = false, SharedWith = ["sp2.localhost"], HiddenFrom = ["sp.localhost"], RecommendedTo = ["sp2.localhost"] }, Lib.Sharing);
        Assert.Equal(422, (await _care.ShareAsync(Oem, "lib", "sp.localhost", new("secret"), Cancellation)).Outcome.Status);
        Assert.Equal(422, (await _care.ShareAsync(Oem, "lib", "sp.localhost", new(), Cancellation)).Outcome.Status);
        Assert.Equal(422, (await _care.ShareAsync(Oem, "lib", new LayerSharingRequest(HiddenFrom: [.. Enumerable.Range(0, 1001).Select(i => $"sp{i}.localhost")]), Cancellation)).Outcome.Status);
    }

    [Fact]
    public async Task A_further_name_is_unique_among_the_owners_layers_and_stays_while_a_service_needs_it()
    {
        await _hub.CommitAsync(Sample.LayerVersion("1.0.0") with { LayerId = Guid.NewGuid(), Codename = "other", Aliases = [] });
        Assert.Equal(200, (await _care.NameAsync(Oem, "lib", "python", Cancellation)).Outcome.Status);
        Assert.Equal(["python", "recipe-lib"], Lib.Aliases);
        Assert.Equal(409, (await _care.NameAsync(Oem, "other", "python", Cancellation)).Outcome.Status);
        Assert.Equal(409, (await _care.NameAsync(Oem, "other", "lib", Cancellation)).Outcome.Status);
        Assert.Equal(200, (await _care.NameAsync(Oem, "lib", "python", Cancellation)).Outcome.Status);
        foreach (var bad in new[] { null, "", "a b", "a/b", "a@1.0.0", new string('x', 129), Guid.NewGuid().ToString(), ".." })
            Assert.Equal(422, (await _care.NameAsync(Oem, "lib", bad, Cancellation)).Outcome.Status);
        foreach (var i in Enumerable.Range(0, LayerRules.MostAliases - 2)) Assert.Equal(200, (await _care.NameAsync(Oem, "lib", $"name{i}", Cancellation)).Outcome.Status);
        Assert.Equal(409, (await _care.NameAsync(Oem, "lib", "one-too-many", Cancellation)).Outcome.Status);

        await _hub.CommitAsync(Sample.LayerVersion("1.0.0") with { LayerId = Guid.NewGuid(), Owner = OtherOem.Owner, Codename = "secret", Aliases = ["guessed"] });
        var guessed = (await _care.NameAsync(Oem, "lib", $"guessed.{OtherOem.Owner}", Cancellation)).Outcome;
        Assert.Equal(409, guessed.Status);
        Assert.DoesNotContain("secret", guessed.Reasons[0], StringComparison.Ordinal);

        var needing = Sample.ServiceVersion("2.0.0", ">=1.0.0");
        await _hub.CommitAsync(needing with { Version = needing.Version with { Needs = [needing.Version.Needs[0] with { Layer = $"python.{Sample.Oem}" }] } });
        var refused = (await _care.UnnameAsync(Oem, "lib", "python", Cancellation)).Outcome;
        Assert.Equal(409, refused.Status);
        Assert.Contains("app 2.0.0 of sp.localhost needs the layer by that name", refused.Reasons[0], StringComparison.Ordinal);
        Assert.Equal(204, (await _care.UnnameAsync(Oem, "lib", "recipe-lib", Cancellation)).Outcome.Status);
        Assert.Equal(404, (await _care.UnnameAsync(Oem, "lib", "recipe-lib", Cancellation)).Outcome.Status);
    }

    [Fact]
    public async Task New_versions_wait_for_their_release_when_the_layer_says_so()
    {
        Assert.Equal(422, (await _care.SetAsync(Oem, "lib", new((bool?)null), Cancellation)).Outcome.Status);
        Assert.Equal(200, (await _care.SetAsync(Oem, "lib", new(true), Cancellation)).Outcome.Status);
        await _hub.CommitAsync(Sample.LayerVersion("1.2.0"));
        Assert.Equal(ReleaseState.Candidate, Standing("1.2.0").State);
        await DoneAsync("1.2.0", new("released"));
        Assert.Equal(ReleaseState.Released, Standing("1.2.0").State);
    }

    [Fact]
    public async Task Every_decision_is_in_the_audit_in_words()
    {
        await DoneAsync("1.0.0", new("yanked", "it loses data"));
        await _care.ShareAsync(Oem, "lib", "sp.localhost", new("hidden"), Cancellation);
        await _care.NameAsync(Oem, "lib", "python", Cancellation);
        await _care.SetAsync(Oem, "lib", new(true), Cancellation);
        await _care.RemoveAsync(Oem, "lib", "2.0.0", Cancellation);
        var lines = _hub.Writer.History(long.MaxValue).Take(5).ToList();
        Assert.Equal(
            [
                "layer lib 2.0.0 was deleted", "new versions of layer lib start as candidates", "layer lib is also called python, recipe-lib",
                "layer lib is shared with everybody; hidden from sp.localhost", "layer lib 1.0.0 is yanked: it loses data",
            ],
            lines.Select(l => AuditText.Of(l.Change)));
        // The owner reads them, and the one that it is hidden from does not.
        Assert.All(lines, l => Assert.Equal([Sample.Oem], System.Text.Json.JsonSerializer.Deserialize(l.Stamp!.Value.Actor!, StampJson.Default.AuditStamp)!.Concerns));
    }

    private async Task DoneAsync(string version, LayerStateRequest asked)
    {
        var (outcome, after) = await _care.MoveAsync(Oem, "lib", version, asked, Cancellation);
        Assert.True(outcome.IsDone, string.Join('\n', outcome.Reasons));
        Assert.NotNull(after);
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(int status, string version, LayerStateRequest asked)
    {
        var before = _hub.Writer.State.Sequence;
        var (outcome, _) = await _care.MoveAsync(Oem, "lib", version, asked, Cancellation);
        Assert.Equal((status, before), (outcome.Status, _hub.Writer.State.Sequence));
        return outcome.Reasons;
    }

    private Lifecycle Standing(string version) => Lib.Find(Version(version))!.Lifecycle;

    private static SemanticVersion Version(string text) => SemanticVersion.Parse(text);
}
