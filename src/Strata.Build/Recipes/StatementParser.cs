using System.Text.RegularExpressions;
using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Reads the text of a recipe, include file, class or configuration file into statements.</summary>
/// <remarks>
/// Shell and Python functions, tasks and handlers are skipped: none of them sets a variable at parse time that a layer needs.
/// Every line that is not understood is reported; reading goes on behind it.
/// Source: BitBake user manual, "Syntax and Operators".
/// </remarks>
internal sealed partial class StatementParser(string file)
{
    private readonly List<Statement> _statements = [];
    private readonly List<RecipeMistake> _mistakes = [];

    /// <summary>Reads all of <paramref name="text"/>.</summary>
    public static (IReadOnlyList<Statement> Statements, IReadOnlyList<RecipeMistake> Mistakes) Parse(string file, string text)
    {
        var parser = new StatementParser(file);
        parser.Run(text.Split('\n'));
        return (parser._statements, parser._mistakes);
    }

    private void Run(string[] lines)
    {
        var pending = new LogicalLine(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            if (pending.IsEmpty && FunctionStart().IsMatch(line))
            {
                i = SkipFunction(lines, i);
                continue;
            }
            if (pending.IsEmpty && PythonStart().IsMatch(line))
            {
                while (i + 1 < lines.Length && PythonBody().IsMatch(lines[i + 1].TrimEnd())) i++;
                continue;
            }
            if (line.StartsWith('#'))
            {
                if (!pending.IsEmpty) Wrong(i, 1, "a comment stands inside a value that goes on over several lines; move it above the value");
                continue;
            }
            if (line.EndsWith('\\'))
            {
                pending.Add(line[..^1], i + 1);
                continue;
            }
            pending.Add(line, i + 1);
            Read(pending);
            pending = new LogicalLine(file);
        }
        if (!pending.IsEmpty) Read(pending);
    }

    private int SkipFunction(string[] lines, int start)
    {
        for (var i = start + 1; i < lines.Length; i++)
        {
            if (lines[i].TrimEnd() == "}") return i;
        }
        Wrong(start, 1, "this function is never closed; its last line has to be a lone '}'");
        return lines.Length;
    }

    private void Read(LogicalLine line)
    {
        var text = line.Text;
        if (string.IsNullOrWhiteSpace(text) || Ignored().IsMatch(text)) return;
        if (Assignment().Match(text) is { Success: true } assignment) ReadAssignment(line, assignment);
        else if (Directive().Match(text) is { Success: true } directive) ReadDirective(line, directive);
        else if (Unset().Match(text) is { Success: true } unset)
            _statements.Add(new Statement.Unset(line.At(0), unset.Groups["var"].Value, unset.Groups["flag"] is { Success: true } flag ? flag.Value : null));
        else _mistakes.Add(new(line.At(IndexOfContent(text)), Complaint(text)));
    }

    private void ReadAssignment(LogicalLine line, Match match)
    {
        var value = match.Groups["value"];
        _statements.Add(new Statement.Assign(
            line.At(match.Groups["var"].Index),
            match.Groups["var"].Value,
            match.Groups["flag"] is { Success: true } flag ? flag.Value : null,
            OperatorOf(match.Groups["op"].Value),
            value.Value,
            offset => line.At(value.Index + offset)));
    }

    private void ReadDirective(LogicalLine line, Match match)
    {
        var argument = match.Groups["argument"];
        var at = line.At(argument.Index);
        _statements.Add(match.Groups["word"].Value switch
        {
            "require" => new Statement.Include(at, argument.Value, Required: true),
            "include" => new Statement.Include(at, argument.Value, Required: false),
            _ => new Statement.Inherit(at, argument.Value),
        });
    }

    private static Operator OperatorOf(string text) => text switch
    {
        "=" => Operator.Set,
        ":=" => Operator.SetNow,
        "?=" => Operator.SetIfUnset,
        "??=" => Operator.WeakDefault,
        "+=" => Operator.AppendWord,
        "=+" => Operator.PrependWord,
        ".=" => Operator.AppendText,
        _ => Operator.PrependText,
    };

    private static string Complaint(string text) => LooksLikeAssignment().IsMatch(text)
        ? $"'{Quote.Short(text.Trim())}' has no value in quotes; write NAME = \"value\", and end every line but the last with a backslash"
        : $"'{Quote.Short(text.Trim())}' is not understood; an assignment, require, include, inherit, unset or a function is expected";

    private static int IndexOfContent(string text) => text.Length - text.TrimStart().Length;

    private void Wrong(int index, int column, string message) => _mistakes.Add(new(new(file, index + 1, column), message));

    // The value may hold the other kind of quote freely; two values on one line are not one value.
    [GeneratedRegex("""^(export\s+)?(?<var>[a-zA-Z0-9\-_+.${}/~:]+?)(\[(?<flag>[a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@/]*)\])?\s*(?<op>:=|\?\?=|\?=|\+=|=\+|=\.|\.=|=)\s*(?!'[^']*'[^']*'$)(?!"[^"]*"[^"]*"$)(?<quote>['"])(?<value>.*)\k<quote>$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    [GeneratedRegex("""^(?<word>require|include|inherit_defer|inherit)\s+(?<argument>.+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Directive();

    [GeneratedRegex("""^unset\s+(?<var>[a-zA-Z0-9\-_+.${}/~:]+)(\[(?<flag>[a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@]*)\])?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Unset();

    [GeneratedRegex("""^(addtask|deltask|addhandler|EXPORT_FUNCTIONS|addpylib)\s|^export\s+[a-zA-Z0-9\-_+.${}/~]+$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Ignored();

    [GeneratedRegex("""^(((python(?=(\s|\()))|(fakeroot(?=\s)))\s*)*([\w\.\-\+\{\}\$:]+)?\s*\(\s*\)\s*\{$""", RegexOptions.ExplicitCapture)]
    private static partial Regex FunctionStart();

    [GeneratedRegex("""^def\s+\w+.*:""", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonStart();

    [GeneratedRegex("""^(\s+.*|#.*)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonBody();

    [GeneratedRegex("""^\s*[a-zA-Z0-9\-_+.${}/~:\[\]]+\s*(:|\?|\?\?|\+|\.)?=""", RegexOptions.ExplicitCapture)]
    private static partial Regex LooksLikeAssignment();
}
