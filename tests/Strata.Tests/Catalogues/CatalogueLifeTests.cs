using Strata.Model.Catalogues;
using Strata.Model.Identity;
using static Strata.Tests.Catalogues.MadeCatalogue;

namespace Strata.Tests.Catalogues;

public sealed class CatalogueLifeTests
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-0000-0000-000000000001");
    private static readonly LayerKey Lib = new(Oem, "lib");
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0"), Two = SemanticVersion.Parse("2.0.0");

    [Fact]
    public void A_deleted_version_comes_back_with_its_content_alone_and_stands_where_it_stood()
    {
        var yanked = new Lifecycle(ReleaseState.Yanked) { Reason = "it loses data" };
        var without = Published("1.0.0", "2.0.0").Move(Lib, One, yanked, 3).Remove(Lib, One, 4);
        Assert.Equal([Two], without.Find(Lib)!.Releases.Select(r => r.Version));
        Assert.Null(without.FindContent(Oem, Content("lib", "1.0.0")));

        var other = Release("lib", "1.0.0") with { Images = Release("lib", "3.0.0").Images };
        Assert.Contains("never comes to mean anything else", Assert.IsType<Publication.Refused>(without.Publish(other, Id, null, [], 5)).Reason, StringComparison.Ordinal);
        // Packed otherwise, the content is the same.
        var again = Release("lib", "1.0.0") with { Images = [Release("lib", "1.0.0").Images[0] with { Digest = File("repacked"), Size = 7 }] };
        var back = Assert.IsType<Publication.Accepted>(without.Publish(again, Id, null, [], 5)).Catalogue;
        Assert.Equal(yanked, back.FindRelease(Lib, One)!.Lifecycle);
        Assert.Empty(back.Find(Lib)!.Removed);
    }

    [Fact]
    public void With_its_last_version_a_layer_leaves_the_list_and_frees_its_other_names_but_stays_who_it_was()
    {
        var empty = Published("1.0.0").Name(Lib, ["alias"], 2).Share(Lib, new() { HiddenFrom = ["sp"] }, 3).Remove(Lib, One, 4);
        Assert.Empty(empty.Layers);
        Assert.Null(empty.Find("alias", Oem));
        Assert.Equal(Id, empty.IdOf(Lib));
        var another = Assert.IsType<Publication.Accepted>(empty.Publish(Release("another", "1.0.0"), Guid.NewGuid(), null, ["alias"], 5)).Catalogue;
        Assert.Equal("another", another.Find("alias", Oem)!.Key.Codename);

        var back = Assert.IsType<Publication.Accepted>(another.Publish(Release("lib", "2.0.0"), Guid.NewGuid(), null, [], 6)).Catalogue.Find(Lib)!;
        Assert.Equal((Id, false), (back.Id, back.IsSharedWith("sp")));
        Assert.Equal([One], back.Removed.Select(r => r.Version));
    }

    [Fact]
    public void New_versions_are_candidates_when_the_layer_says_so_and_old_ones_stay_what_they_are()
    {
        var catalogue = Published("1.0.0").SetTrial(Lib, startsAsCandidate: true, 2);
        catalogue = Assert.IsType<Publication.Accepted>(catalogue.Publish(Release("lib", "2.0.0"), Id, null, [], 3)).Catalogue;
        Assert.Equal([ReleaseState.Candidate, ReleaseState.Released], catalogue.Find(Lib)!.Releases.Select(r => r.Lifecycle.State));
    }

    [Fact]
    public void What_is_said_of_one_provider_replaces_what_was_said_of_it_before()
    {
        var sharing = new LayerSharing { IsOpen = false }.With("b", ProviderAccess.Shared).With("a", ProviderAccess.Shared).With("a", isRecommended: true);
        Assert.Equal([true, true, false], new[] { "a", "b", "c" }.Select(sharing.Includes));
        var hidden = sharing.With("a", ProviderAccess.Hidden);
        Assert.Equal((false, false), (hidden.Includes("a"), hidden.Recommends("a")));
        Assert.Equal(["b"], hidden.SharedWith);
        Assert.Empty(hidden.RecommendedTo); // shown again, it is not recommended unasked
        Assert.Equal(["a", "b"], hidden.With("a", ProviderAccess.Shared).SharedWith);
        Assert.Empty(hidden.With("a", ProviderAccess.Default).HiddenFrom);
    }

    private static Catalogue Published(params string[] versions) => versions.Aggregate(Catalogue.Empty, (catalogue, version) => catalogue.With("lib", version, Id));
}
