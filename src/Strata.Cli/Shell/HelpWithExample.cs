using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Strata.Cli.Shell;

/// <summary>The parser's help, and beneath it the command's example.</summary>
internal sealed class HelpWithExample(HelpAction help) : SynchronousCommandLineAction
{
    /// <summary>The example of each command that runs something.</summary>
    public static Dictionary<Command, string> Examples { get; } = [];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Makes <paramref name="root"/> and all beneath it show their examples.</summary>
    public static void On(RootCommand root)
    {
        foreach (var option in root.Options.OfType<HelpOption>())
            if (option.Action is HelpAction help) option.Action = new HelpWithExample(help);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = help.Invoke(parseResult);
        if (Examples.TryGetValue(parseResult.CommandResult.Command, out var example))
            parseResult.InvocationConfiguration.Output.WriteLine($"Example:\n  {example}\n");
        return code;
    }
}
