using Strata.Artifacts.Protocol;
using Strata.Hub.State;
using Strata.Hub.Units;

namespace Strata.Tests.Hub;

public sealed class StatusFoldTests
{
    private static readonly UnitReport Before = StatusFold.Apply(UnitReport.Nothing, Status(false, ("a", "1", "installed"), ("b", "1", "installed")));

    [Fact]
    public void A_full_status_replaces_and_a_delta_changes_only_what_it_names()
    {
        Assert.Equal(["c 1 pending"], Shown(StatusFold.Apply(Before, Status(false, ("c", "1", "pending")))));
        Assert.Equal(["a 1 installed", "b 1 failed", "b 2 pending"], Shown(StatusFold.Apply(Before, Status(true, ("b", "2", "pending"), ("b", "1", "failed")))));
    }

    [Fact]
    public void What_was_removed_is_gone() => Assert.Equal(["b 1 installed"], Shown(StatusFold.Apply(Before, Status(true, ("a", "1", "removed")))));

    [Fact]
    public void An_empty_delta_changes_nothing() => Assert.Equal(Before, StatusFold.Apply(Before, new UnitStatus(IsDeltaInfo: true)));

    [Fact]
    public void Deltas_that_only_ever_add_grow_out_of_bounds_and_are_noticed()
    {
        var report = Before;
        for (var i = 0; i < 128 && !MessageLimits.IsTooMuch(report); i++) report = StatusFold.Apply(report, Status(true, ($"item-{i}", "1", "installed")));
        Assert.True(MessageLimits.IsTooMuch(report));
    }

    [Fact]
    public void A_long_error_message_is_over_the_limits() => Assert.Contains(
        "error message",
        MessageLimits.Broken(new UnitStatus(true, Items: [new(new(Id: "a"), "1", "failed", new(1, 0, new string('x', 5000)))])),
        StringComparison.Ordinal);

    private static UnitStatus Status(bool isDelta, params (string Id, string Version, string State)[] items) =>
        new(isDelta, Items: [.. items.Select(i => new ItemStatus(new(Id: i.Id, Type: "service"), i.Version, i.State))]);

    private static string[] Shown(UnitReport report) => [.. report.Items.Select(i => $"{i.Id} {i.Version} {i.State}")];
}
