using Strata.Artifacts.Hashing;
using Strata.Artifacts.Tar;
using Strata.Build.Feeds;
using Strata.Build.Processes;
using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Store;

namespace Strata.Cli.Commands.Layers;

/// <summary>What a failure of a build means for the exit code.</summary>
internal static class BuildFailures
{
    /// <summary>Runs <paramref name="work"/>; what goes wrong ends the command with a sentence.</summary>
    /// <param name="archive">The one layer file that is read, to be named when it is damaged.</param>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> work, string? archive = null)
    {
        try
        {
            return await work();
        }
        catch (FeedUnavailableException failure)
        {
            throw new CommandFailure(ExitCode.Unavailable, failure.Message);
        }
        catch (Exception failure) when (IsNoSpace(failure))
        {
            throw new CommandFailure(ExitCode.NoSpace, $"No space is left: {failure.Message.TrimEnd('.')}. Nothing half-written was kept; free some space, or name another folder with --cache or --deploy.");
        }
        catch (ToolMissingException failure)
        {
            throw new CommandFailure(ExitCode.Failed, failure.Message);
        }
        catch (ArchiveRefusedException damaged) when (archive is not null)
        {
            throw new CommandFailure(ExitCode.Refused, $"{archive}: {damaged.Message}{(damaged.Fault == ArchiveFault.Damaged ? " Copy or build it again." : "")}");
        }
        catch (Exception failure) when (failure is ArchiveRefusedException or ContentMismatchException or TreeRefusedException or InvalidDataException)
        {
            throw new CommandFailure(ExitCode.Refused, failure.Message);
        }
        catch (ToolFailedException failure)
        {
            throw new CommandFailure(ExitCode.Failed, failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw UnexpectedFailure.Of(failure);
        }
    }

    private static bool IsNoSpace(Exception failure) =>
        failure is SpaceExhaustedException
        || (failure is IOException error && SpaceExhaustedException.IsMeantBy(error))
        || failure is ToolFailedException { IsNoSpace: true };
}
