using Strata.Agent.Obtaining;
using Strata.Agent.Reconciling;
using Strata.Artifacts.Protocol;

namespace Strata.Tests.Agent;

public sealed class WishTests
{
    private static readonly ItemImage Image = new([], new(["/bin/sh"], [], "/"), []);
    private static readonly DesiredStatus Status = new(
        [new(new(Id: "one", Type: "service"), "1.0.0", new(Id: "sp"), "sha256:x")],
        [new(new(Id: "one"), new(Id: "subject-1"), 0, 2), new(new(Id: "gone"), new(Id: "subject-1"), 0, 1), new(new(Id: "one"), new(Id: "reported"), 0, 1)],
        [new(new(Id: "subject-1"), "group", false), new(new(Id: "reported"), "user", true)],
        [],
        []);

    [Fact]
    public void Instances_are_those_of_items_that_can_be_had_for_subjects_that_are_the_units()
    {
        var instances = Wish.Instances(Status, new Dictionary<string, (string, ItemImage)> { ["one"] = ("1.0.0", Image) });

        Assert.Equal(["one:subject-1:0", "one:subject-1:1"], instances.Select(i => i.Id.ToString()));
    }

    [Fact]
    public void New_certificates_alone_are_no_work_but_another_index_is()
    {
        Assert.True(Wish.IsSameWork(Status, Status with { Certificates = [new("c", "f")], Items = [.. Status.Items] }));
        Assert.False(Wish.IsSameWork(Status, Status with { Items = [Status.Items[0] with { IndexDigest = "sha256:y" }] }));
        Assert.False(Wish.IsSameWork(Status, Status with { Instances = [Status.Instances[0] with { NumInstances = 3 }] }));
    }
}
