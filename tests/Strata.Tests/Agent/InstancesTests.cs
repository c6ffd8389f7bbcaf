using Strata.Agent.Mounting;

namespace Strata.Tests.Agent;

public sealed class InstancesTests
{
    [Fact]
    public async Task An_instance_sees_its_layers_over_the_visible_base_and_nothing_else_of_it()
    {
        await using var unit = new UnitFolder();
        var top = unit.Layer("top", "data/which", "top");
        var low = unit.Layer("low", "data/which", "low");
        var other = unit.Layer("low", "data/other", "low");
        var shell = UnitFolder.Shell("svc", """
            echo "$GREETING $(/bin/busybox cat /data/which) $(/bin/busybox cat /data/other)"
            echo "root: $(/bin/busybox ls / | /bin/busybox tr '\n' ' ')"
            exec /bin/busybox sleep 1000
            """);

        await unit.StartAsync(shell, top, low);
        await UnitFolder.EventuallyAsync(() => unit.LogOf(shell).Contains("root:", StringComparison.Ordinal));

        Assert.Equal(low, other);
        Assert.Equal("hello top low\nroot: bin data dev etc proc sys tmp \n", unit.LogOf(shell));
        Assert.Equal("active", unit.StateOf(shell));
    }

    [Fact]
    public async Task An_instance_can_write_to_tmp_alone_and_has_no_privilege_no_network_and_no_other_process()
    {
        await using var unit = new UnitFolder();
        var shell = UnitFolder.Shell("svc", """
            b=/bin/busybox
            $b grep -E '^(CapEff|CapBnd|NoNewPrivs|Uid)' /proc/self/status
            for f in /x /bin/x /etc/hosts /sys/x /proc/sys/kernel/hostname; do (echo 1 >$f) 2>/dev/null && echo "wrote $f"; done
            echo 1 >/tmp/x && echo "wrote /tmp"
            echo "links: $($b ls /sys/class/net)"
            echo "processes: $($b ls /proc | $b grep -cE '^[0-9]+$')"
            ($b mknod /tmp/null c 1 3) 2>/dev/null && echo "made a device"
            echo done
            exec $b sleep 1000
            """);

        await unit.StartAsync(shell);
        await UnitFolder.EventuallyAsync(() => unit.LogOf(shell).Contains("done", StringComparison.Ordinal));

        var log = unit.LogOf(shell);
        Assert.Contains("CapEff:\t0000000000000000", log, StringComparison.Ordinal);
        Assert.Contains("CapBnd:\t0000000000000000", log, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivs:\t1", log, StringComparison.Ordinal);
        Assert.Contains("Uid:\t5000\t5000", log, StringComparison.Ordinal);
        Assert.Equal(["wrote /tmp"], log.Split('\n').Where(l => l.StartsWith("wrote", StringComparison.Ordinal)));
        Assert.Contains("links: lo\n", log, StringComparison.Ordinal);
        const int OwnAtMost = 5; // the shell, its two subshells, ls and grep
        Assert.InRange(int.Parse(log.Split("processes: ")[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture), 1, OwnAtMost);
        Assert.DoesNotContain("made a device", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_leaves_no_process_no_mount_no_folder_and_no_control_group()
    {
        await using var unit = new UnitFolder();
        var polite = UnitFolder.Shell("polite", "trap 'echo bye; exit 0' TERM; echo up; while :; do /bin/busybox sleep 0.1; done");
        var deaf = UnitFolder.Shell("deaf", "echo up; exec /bin/busybox sleep 1000");
        await unit.StartAsync(polite);
        await unit.StartAsync(deaf);
        await UnitFolder.EventuallyAsync(() => unit.LogOf(polite).Contains("up", StringComparison.Ordinal));
        Assert.Equal(2, unit.ContainersLeft().Count);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        await unit.Instances.StopAsync([polite, deaf]);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(3), $"A process that does not handle SIGTERM was waited for: {clock.Elapsed}.");
        Assert.Contains("bye", unit.LogOf(polite), StringComparison.Ordinal);
        Assert.Empty(unit.ContainersLeft());
        Assert.Empty(MountTable.Beneath(unit.Root));
        Assert.Empty(Directory.EnumerateFileSystemEntries(unit.Folders.Run));
        Assert.Empty(unit.Instances.Actual);
    }

    [Fact]
    public async Task An_instance_that_ends_is_reported_with_its_exit_code_and_started_again()
    {
        await using var unit = new UnitFolder();
        var shell = UnitFolder.Shell("svc", "echo run; exit 7");

        await unit.StartAsync(shell);
        await UnitFolder.EventuallyAsync(() => unit.StateOf(shell) == "failed");
        var failed = unit.Board.Full().Instances![0].Instances[0].ErrorInfo!;
        await UnitFolder.EventuallyAsync(() => unit.LogOf(shell) == "run\nrun\n");

        Assert.Equal((7, "exited with code 7"), (failed.ExitCode, failed.Message));
    }

    [Fact]
    public async Task A_program_that_is_not_there_fails_the_instance_with_the_runtimes_words()
    {
        await using var unit = new UnitFolder();
        var shell = UnitFolder.Shell("svc", "") with { Process = new(["/bin/missing"], [], "/") };

        await unit.StartAsync(shell);

        Assert.Equal("failed", unit.StateOf(shell));
        Assert.Contains("/bin/missing", unit.Board.Full().Instances![0].Instances[0].ErrorInfo!.Message, StringComparison.Ordinal);
        Assert.Empty(unit.ContainersLeft());
    }
}
