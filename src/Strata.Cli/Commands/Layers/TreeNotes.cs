using Strata.Build.Trees;
using Strata.Cli.Shell;
using Strata.Model.Identity;

namespace Strata.Cli.Commands.Layers;

/// <summary>Shows for people what normalising does and what it found.</summary>
internal static class TreeNotes
{
    private const int Shown = 5;

    /// <summary>A few paths for each rule; JSON has them all.</summary>
    public static void Write(IReadOnlyList<TreeNote> notes, TextWriter text)
    {
        foreach (var group in notes.GroupBy(note => (note.Rule, note.Reason)))
        {
            text.WriteLine($"  note {group.Key.Rule}: {group.Key.Reason}");
            foreach (var note in group.Take(Shown).Where(note => note.Path.Length > 0)) text.WriteLine($"    /{Quote.Short(note.Path)}");
            if (group.Count() > Shown) text.WriteLine($"    and {group.Count() - Shown} more");
        }
    }

    /// <summary>Writes the published list.</summary>
    public static void WriteList(Terminal terminal)
    {
        terminal.Note("Both trees are normalised; the first line that covers a name holds:");
        foreach (var rule in NormaliseList.Rules) terminal.Note($"  {Word(rule.Action),-8} {rule.Pattern,-44} {rule.Reason}");
    }

    private static string Word(NormaliseAction action) => action switch
    {
        NormaliseAction.LeaveOut => "left out",
        NormaliseAction.Split => "split",
        NormaliseAction.Refuse => "refused",
        _ => "kept",
    };
}
