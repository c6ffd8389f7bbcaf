using Strata.Agent.Reporting;
using Strata.Model.Units;

namespace Strata.Tests.Agent;

public sealed class StatusBoardTests
{
    private static readonly InstanceId One = new("one", "subject-1", 0);
    private readonly StatusBoard _board = new(NodeReader.Read("unit-1", "/", "/", "crun"));

    [Fact]
    public void A_delta_holds_what_changed_since_the_last_telling_and_nothing_else()
    {
        _board.SetItem("one", "1.0.0", ItemState.Installed);
        _board.SetItem("two", "1.0.0", ItemState.Downloading);
        _ = _board.Full();
        Assert.Null(_board.Delta());

        _board.SetItem("two", "1.0.0", ItemState.Pending);
        _board.SetItem("one", "1.0.0", ItemState.Installed);
        var delta = _board.Delta()!;

        Assert.True(delta.IsDeltaInfo);
        Assert.Equal(("two", "pending"), (Assert.Single(delta.Items!).Item.Id, delta.Items![0].State));
        Assert.Null(delta.Instances);
        Assert.Null(delta.Nodes);
        Assert.Null(_board.Delta());
    }

    [Fact]
    public void What_is_removed_is_told_once_in_a_delta_and_never_in_a_full_status()
    {
        _board.SetItem("one", "1.0.0", ItemState.Installed);
        _board.SetInstance(One, "1.0.0", InstanceState.Active);
        _ = _board.Full();
        _board.SetItem("one", "1.0.0", ItemState.Removed);
        _board.DropInstance(One, "1.0.0");

        var delta = _board.Delta()!;

        Assert.Equal(("removed", "inactive"), (delta.Items![0].State, delta.Instances![0].Instances[0].State));
        Assert.Empty(_board.Full().Items!);
        Assert.Empty(_board.Full().Instances!);
        Assert.Empty(_board.Items);
    }

    [Fact]
    public void A_full_status_has_every_section_and_messages_of_at_most_64_characters()
    {
        _board.SetInstance(One, "1.0.0", InstanceState.Failed, new(new string('x', 100), ExitCode: 7));

        var full = _board.Full();
        var error = full.Instances![0].Instances[0].ErrorInfo!;

        Assert.False(full.IsDeltaInfo);
        Assert.Equal("absent", full.UnitConfig![0].State);
        Assert.NotNull(full.Nodes![0].Runtimes![0].Identity.Codename);
        Assert.Equal((64, 7), (error.Message.Length, error.ExitCode));
    }

    [Fact]
    public async Task A_change_wakes_whoever_waits()
    {
        var changed = _board.Changed;
        Assert.False(changed.IsCompleted);
        _board.SetItem("one", "1.0.0", ItemState.Downloading);
        await changed.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        _ = _board.Delta();
        Assert.False(_board.Changed.IsCompleted);
    }
}
