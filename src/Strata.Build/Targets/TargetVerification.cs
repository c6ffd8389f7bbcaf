using Strata.Artifacts.Yaml;
using Strata.Model.Identity;

namespace Strata.Build.Targets;

/// <summary>What a base was found to be, and all in which it is not what its target says.</summary>
/// <param name="Identity">Of the base as it is.</param>
/// <param name="Machines">What the ELF files in the visible folders are for, most first.</param>
/// <param name="Mistakes">What is wrong; each with its place in the target's file. Empty when the target holds.</param>
/// <param name="Notes">What could not be checked, or is worth a look.</param>
public sealed record TargetVerification(
    string Name, Digest Identity, EquatableList<MachineCount> Machines, EquatableList<Mistake> Mistakes, EquatableList<string> Notes)
{
    /// <summary>Holds a target to its base.</summary>
    /// <param name="expected">The identity that the base has to have; null for the one written in the target's file, if there is one.</param>
    public static TargetVerification Of(Target target, BaseTree tree, Digest? expected, CancellationToken cancellation)
    {
        var facts = BaseFacts.Of(tree.Root, target.Visible, cancellation);
        var mistakes = new MistakeList(target.File);
        var notes = new List<string>();
        CheckIdentity(target, tree, expected, mistakes, notes);
        CheckMachines(target, facts, mistakes, notes);
        foreach (var name in target.Visible) CheckVisible(target, facts, name, mistakes);
        CheckRelease(target, facts, notes);
        return new(target.Name, tree.Identity, facts.Machines, mistakes.All, [.. notes]);
    }

    private static void CheckIdentity(Target target, BaseTree tree, Digest? expected, MistakeList mistakes, List<string> notes)
    {
        if ((expected ?? target.Identity) is not { } promised)
            notes.Add("No identity is written down or given, so whether the base is still the same was not checked; write 'identity:' into the file, or give --identity.");
        else if (promised != tree.Identity)
            mistakes.Add(target.MarkOf("identity"), $"The base has the identity {tree.Identity}, and {promised} was expected. Bring the base back, or write the new identity down.");
    }

    private static void CheckMachines(Target target, BaseFacts facts, MistakeList mistakes, List<string> notes)
    {
        if (facts.Machines is not [var most, ..])
        {
            notes.Add("The visible folders hold no ELF file, so the architecture was not checked.");
            return;
        }
        if (most.Architecture != target.Platform.Architecture)
            mistakes.Add(target.MarkOf("architecture"), $"The target is for {target.Platform.Architecture}, and {most.Files} ELF files of its base are for {most.Architecture}; correct 'architecture', or name the right base.");
        else if (facts.Foreign.Count > 0)
            notes.Add($"The base also holds ELF files for {string.Join(", ", facts.Machines.Skip(1).Select(m => $"{m.Architecture} ({m.Files})"))}, among them {string.Join(", ", facts.Foreign.Select(Quote.Short))}.");
    }

    private static void CheckVisible(Target target, BaseFacts facts, string name, MistakeList mistakes)
    {
        if (facts.TopFolders.Contains(name)) return;
        if (facts.TopLinks.TryGetValue(name, out var link))
        {
            var first = link.TrimStart('/').Split('/')[0];
            if (!target.Visible.Contains(first))
                mistakes.Add(target.MarkOf("visible"), $"Services would see '{name}' as a link to '{Quote.Short(link)}', and nothing behind it; add '{Quote.Short(first)}' to 'visible'.");
            else if (!facts.TopFolders.Contains(first) && !facts.TopLinks.ContainsKey(first))
                mistakes.Add(target.MarkOf("visible"), $"'{name}' is a link to '{Quote.Short(link)}', which the base does not have; remove it from 'visible'.");
        }
        // The default names what AosCore shows where it is there: a base for arm64 has no lib64.
        else if (target.StatesVisible)
        {
            mistakes.Add(target.MarkOf("visible"), $"The base has no folder '{name}'; remove it from 'visible', or name the right base.");
        }
    }

    private static void CheckRelease(Target target, BaseFacts facts, List<string> notes)
    {
        if (target.Platform.OsVersion is not { } stated) return;
        if (facts.Version is not { } said) notes.Add("The base has no os-release with a VERSION_ID, so 'osVersion' was not checked.");
        else if (said != stated && facts.Release.GetValueOrDefault("VERSION_CODENAME") != stated) notes.Add($"'osVersion' is '{Quote.Short(stated)}', and the base's os-release says '{Quote.Short(said)}', which is what its layers will state.");
    }
}
