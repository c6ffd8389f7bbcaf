using Strata.Cli.Shell;
using Strata.Model.Layers;

namespace Strata.Cli.Commands.Layers;

/// <summary>Shows what a layer's maker should look at.</summary>
internal static class FindingLines
{
    private const int MostOfARule = 10;

    /// <summary>One line for each finding, of a rule with many the first few; JSON has them all.</summary>
    public static void Note(Terminal terminal, string layer, IReadOnlyList<LayerFinding> findings)
    {
        foreach (var rule in findings.GroupBy(f => f.Rule))
        {
            foreach (var finding in rule.Take(MostOfARule)) terminal.Note($"  {layer}: {finding}");
            if (rule.Count() > MostOfARule) terminal.Note($"  {layer}: {rule.Key}: and {rule.Count() - MostOfARule} more; --json lists them all");
        }
    }

    /// <summary>Ends the command when there are any.</summary>
    /// <exception cref="CommandFailure">There are.</exception>
    public static void Refuse(string layer, IReadOnlyList<LayerFinding> findings)
    {
        if (findings.Count > 0) throw new CommandFailure(ExitCode.Refused, string.Join('\n', findings.Select(f => $"{layer}: {f}")));
    }
}
