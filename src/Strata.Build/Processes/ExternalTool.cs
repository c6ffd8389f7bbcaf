using System.ComponentModel;
using System.Diagnostics;
using Strata.Model.Identity;

namespace Strata.Build.Processes;

/// <summary>A program of the machine that a build needs, run to its end.</summary>
/// <param name="name">Found on the PATH.</param>
/// <param name="arguments">Handed over one by one; no shell reads them.</param>
internal sealed class ExternalTool(string name, IReadOnlyList<string> arguments)
{
    // More than any list of packages; a tool that writes more than this has gone wrong.
    private const int MostOutput = 64 << 20;

    // By the kernel, 128 + 9.
    private const int Killed = 137;

    private static readonly TimeSpan GraceAfterBrokenOutput = TimeSpan.FromSeconds(1);

    /// <summary>What was given.</summary>
    public string Name => name;

    /// <inheritdoc cref="Name"/>
    public IReadOnlyList<string> Arguments => arguments;

    /// <summary>The folder it runs in; null for that of Strata.</summary>
    public string? Folder { get; init; }

    /// <summary>Set on top of the environment that Strata was started with.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = Quiet;

    /// <summary>Sees each line of standard error as it comes.</summary>
    public Action<string>? OnErrorLine { get; init; }

    /// <summary>One language, no questions.</summary>
    public static IReadOnlyDictionary<string, string> Quiet { get; } = new Dictionary<string, string>
    {
        ["LC_ALL"] = "C.UTF-8",
        ["DEBIAN_FRONTEND"] = "noninteractive",
    };

    /// <summary>Runs it and gives what it wrote. A stop of the caller ends it with all it started.</summary>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public async Task<ToolOutcome> RunAsync(CancellationToken cancellation)
    {
        using var process = Start(name, arguments, Environment, Folder);
        process.StandardInput.Close();
        await using var stop = cancellation.Register(() => Kill(process));
        var output = ReadAsync(process.StandardOutput, null);
        var error = ReadAsync(process.StandardError, OnErrorLine);
        await Task.WhenAll(output, error, process.WaitForExitAsync(CancellationToken.None));
        cancellation.ThrowIfCancellationRequested();
        return new(name, process.ExitCode, await output, await error);
    }

    /// <summary>Runs it and gives <paramref name="read"/> what it writes, as it comes. A stop of the caller ends it with all it started.</summary>
    /// <returns>Its outcome, without its output; what <paramref name="read"/> throws ends the program first.</returns>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public async Task<ToolOutcome> StreamAsync(Func<Stream, Task> read, CancellationToken cancellation)
    {
        using var process = Start(name, arguments, Environment, Folder);
        process.StandardInput.Close();
        await using var stop = cancellation.Register(() => Kill(process));
        var error = ReadAsync(process.StandardError, OnErrorLine);
        try
        {
            await read(process.StandardOutput.BaseStream);
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException && !cancellation.IsCancellationRequested)
        {
            // A tool that failed wrote less than was promised: what it says is the cause. One that wrote nonsense is ended.
            if (!process.WaitForExit(GraceAfterBrokenOutput)) Kill(process);
            await process.WaitForExitAsync(CancellationToken.None);
            if (process.ExitCode is var code && (code is 0 or Killed)) throw;
            return new(name, code, "", await error);
        }
        catch
        {
            Kill(process);
            throw;
        }
        await Task.WhenAll(error, process.WaitForExitAsync(CancellationToken.None));
        cancellation.ThrowIfCancellationRequested();
        return new(name, process.ExitCode, "", await error);
    }

    /// <summary>Starts a program that sees nothing of Strata's own environment, with all three streams redirected.</summary>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public static Process StartBare(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        Start(name, arguments, environment, folder: null, isBare: true);

    /// <summary>Starts a program on the terminal, or whatever Strata's own streams are.</summary>
    /// <exception cref="ToolMissingException">It is not installed.</exception>
    public static Process StartInherited(string name, IReadOnlyList<string> arguments) => Start(new ProcessStartInfo(name, arguments));

    private static Process Start(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder, bool isBare = false)
    {
        var start = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        if (isBare) start.Environment.Clear();
        foreach (var (key, value) in environment) start.Environment[key] = value;
        return Start(start);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new ToolMissingException(start.FileName);
        }
    }

    /// <summary>Ends a program and all it started; one that has ended is no error.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended between the wish and the deed.
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string>? onLine)
    {
        var text = new System.Text.StringBuilder();
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine?.Invoke(line);
            if (text.Length < MostOutput) text.Append(line).Append('\n');
        }
        return text.ToString();
    }
}

/// <summary>What became of a run.</summary>
internal sealed record ToolOutcome(string Name, int ExitCode, string Output, string Error)
{
    /// <summary>It ended with 0.</summary>
    public bool IsSuccess => ExitCode == 0;

    /// <summary>Lines of standard output that are not empty.</summary>
    public IEnumerable<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The lines in which apt and its relatives say what is wrong, without their mark; when there are none the last line, of tar the first.</summary>
    public IReadOnlyList<string> Complaints => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines
        ? lines.Where(l => l.StartsWith("E: ", StringComparison.Ordinal)).Select(l => l[3..]).ToList() is { Count: > 0 } marked ? marked : [Name == "tar" ? lines[0] : lines[^1]]
        : [];

    /// <summary>This outcome, or the end of the build.</summary>
    /// <exception cref="ToolFailedException">It did not end with 0.</exception>
    public ToolOutcome OrFail(string doing) => IsSuccess ? this : throw new ToolFailedException(
        $"{doing} did not work: {Name} ended with {ExitCode}{(Complaints.Count > 0 ? $" and said: {Quote.Short(Complaints[0])}" : "")}.") { IsNoSpace = IsNoSpace };

    // tar's first complaint is of the write that still fitted in part; many may follow.
    private bool IsNoSpace => Error.Contains("No space left", StringComparison.OrdinalIgnoreCase) || (Name == "tar" && Error.Contains(": Wrote only ", StringComparison.Ordinal));
}

/// <summary>A program that the build needs is not installed.</summary>
public sealed class ToolMissingException(string tool) : Exception($"The program '{tool}' is not installed; on Debian, apt-get install {PackageOf(tool)}.")
{
    private static string PackageOf(string tool) => tool switch
    {
        "apt-get" or "apt-cache" => "apt",
        _ when tool.StartsWith("qemu-", StringComparison.Ordinal) => "qemu-user-static",
        "dpkg-deb" => "dpkg",
        "createrepo_c" => "createrepo-c",
        "dnf" => "dnf dnf-plugins-core",
        "unshare" or "setsid" => "util-linux",
        _ => tool,
    };
}

/// <summary>A program of the machine did not do what it was started for. The same call would fail again.</summary>
public sealed class ToolFailedException(string message) : Exception(message)
{
    /// <summary>It said that the disk is full. Default: whether the message says so.</summary>
    public bool IsNoSpace { get; init; } = message.Contains("No space left", StringComparison.OrdinalIgnoreCase);
}
