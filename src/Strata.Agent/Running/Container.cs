using System.Globalization;
using Strata.Agent.Kernel;

namespace Strata.Agent.Running;

/// <summary>A container that runs, until its first process has ended.</summary>
internal sealed class Container
{
    private const int WaiterStackBytes = 128 * 1024;
    private readonly TaskCompletionSource<int?> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<Task> _delete;

    /// <param name="pid">Its first process, which this process may wait for.</param>
    /// <param name="delete">Takes away what the runtime keeps of it.</param>
    public Container(string id, int pid, Func<Task> delete)
    {
        (Id, Pid, _delete) = (id, pid, delete);
        ChildProcesses.Await(pid);
        // A thread per container: waiting for a child blocks, and pool threads are few on a small machine.
        new Thread(Wait, WaiterStackBytes) { IsBackground = true, Name = $"wait {id}" }.Start();
    }

    /// <summary>Its name at the runtime and in the control groups.</summary>
    public string Id { get; }

    /// <summary>Its first process, as the host numbers it.</summary>
    public int Pid { get; }

    /// <summary>The exit code of its first process; 128 and the signal when one ended it; null when it is not known.</summary>
    public Task<int?> Exit => _exit.Task;

    /// <summary>Ends it: asked first, killed after <paramref name="patience"/>; then removes what is left of it.</summary>
    public async Task StopAsync(TimeSpan patience, TimeProvider time)
    {
        if (!Exit.IsCompleted)
        {
            if (HandlesTermination(Pid))
            {
                SystemCalls.Signal(Pid, SystemCalls.SigTerm);
                await Task.WhenAny(Exit, Task.Delay(patience, time));
            }
            if (!Exit.IsCompleted) SystemCalls.Signal(Pid, SystemCalls.SigKill);
            await Exit;
        }
        await DeleteAsync();
    }

    /// <summary>Removes what is left of a container that has ended.</summary>
    public Task DeleteAsync() => _delete();

    /// <summary>The first process of a namespace gets only signals that it handles: waiting for one that does not would be in vain.</summary>
    private static bool HandlesTermination(int pid)
    {
        const string Field = "SigCgt:";
        try
        {
            var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith(Field, StringComparison.Ordinal));
            var caught = ulong.Parse(line.AsSpan(Field.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return (caught & (1UL << (SystemCalls.SigTerm - 1))) != 0;
        }
        catch (IOException)
        {
            return false; // it has just ended
        }
    }

    private void Wait()
    {
        try { _exit.SetResult(SystemCalls.WaitForChild(Pid)); }
        catch (KernelException lost) { _exit.SetException(lost); }
        finally { ChildProcesses.Forget(Pid); }
    }
}
