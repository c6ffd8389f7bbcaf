using System.Text.RegularExpressions;
using Strata.Build.Recipes.Python;
using Strata.Model.Identity;

namespace Strata.Build.Recipes;

/// <summary>Reads the text of a recipe, include file, class or configuration file into statements.</summary>
/// <remarks>
/// Every line that is not understood is reported; reading goes on behind it.
/// Source: BitBake user manual, "Syntax and Operators"; corners from what BitBake 2.8 itself accepts.
/// </remarks>
internal sealed partial class StatementParser
{
    private readonly string _file;
    private readonly bool _isConfiguration;
    private readonly List<Statement> _statements = [];
    private readonly List<RecipeMistake> _mistakes = [];
    private readonly string[] _lines;
    private int _at;

    private StatementParser(string file, string text, bool isConfiguration)
    {
        _file = file;
        _isConfiguration = isConfiguration;
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n');
        for (var i = 0; i < lines.Length; i++) lines[i] = WithoutBlanksAtEnd(lines[i]);
        _lines = lines;
    }

    /// <summary>Reads all of <paramref name="text"/>.</summary>
    /// <param name="isConfiguration">It may hold neither functions nor <c>inherit</c>.</param>
    public static (IReadOnlyList<Statement> Statements, IReadOnlyList<RecipeMistake> Mistakes) Parse(string file, string text, bool isConfiguration = false)
    {
        var parser = new StatementParser(file, text, isConfiguration);
        while (parser._at < parser._lines.Length) parser.ReadOne();
        return (parser._statements, parser._mistakes);
    }

    // One logical line, or a function with its body.
    private void ReadOne()
    {
        var line = new LogicalLine(_file);
        while (true)
        {
            var text = _lines[_at];
            // In a configuration file only a whole logical line can be a comment.
            var isComment = text.StartsWith('#') && (!_isConfiguration || line.IsEmpty || line.IsComment);
            if (isComment && !line.IsEmpty && !line.IsComment) Wrong(_at + 1, "a comment stands inside a value that goes on over several lines; move it above the value.");
            else if (!isComment && line.IsComment) Wrong(line.Line, "this comment ends in a backslash, so that the next line is a part of it; take the backslash away.");
            else if (!isComment || line.IsEmpty || line.IsComment) line.Add(text.EndsWith('\\') ? text[..^1] : text, _at + 1);
            _at++;
            if (!isComment && line.IsComment) return;
            if (!text.EndsWith('\\') && (line.IsComment || !isComment)) break;
            if (_at < _lines.Length) continue;
            Wrong(line.Line, "the last line ends in a backslash, and nothing follows; take it away, or close the value.");
            return;
        }
        if (line.Text.Length > 0 && !line.IsComment) Read(line);
    }

    private void Read(LogicalLine line)
    {
        var text = line.Text;
        if (!_isConfiguration)
        {
            if (FunctionStart().Match(text) is { Success: true } function)
            {
                ReadFunction(line, function);
                return;
            }
            if (PythonStart().Match(text) is { Success: true } python)
            {
                var start = _at;
                while (_at < _lines.Length && PythonBody().IsMatch(_lines[_at])) _at++;
                _statements.Add(new Statement.Function(line.At(0), python.Groups["name"].Value, IsCallable: true, string.Join('\n', _lines[start.._at])));
                return;
            }
            if (Ignored().IsMatch(text)) return;
            if (Inherit().Match(text) is { Success: true } inherit)
            {
                var argument = inherit.Groups["argument"];
                _statements.Add(new Statement.Inherit(line.At(argument.Index), argument.Value, inherit.Groups["word"].Value == "inherit_defer"));
                return;
            }
        }
        ReadCommon(line);
    }

    private void ReadCommon(LogicalLine line)
    {
        var text = line.Text;
        if (Assignment().Match(text) is { Success: true } assignment)
        {
            var value = assignment.Groups["value"];
            _statements.Add(new Statement.Assign(
                line.At(assignment.Groups["var"].Index),
                assignment.Groups["var"].Value,
                assignment.Groups["flag"] is { Success: true } flag ? flag.Value : null,
                Operators.Of(assignment.Groups["op"].Value),
                value.Value,
                offset => line.At(value.Index + offset)));
        }
        else if (Include().Match(text) is { Success: true } include)
        {
            var argument = include.Groups["argument"];
            _statements.Add(new Statement.Include(line.At(argument.Index), argument.Value, include.Groups["word"].Value == "require"));
        }
        else if (Unset().Match(text) is { Success: true } unset)
        {
            _statements.Add(new Statement.Unset(line.At(0), unset.Groups["var"].Value, unset.Groups["flag"] is { Success: true } flag ? flag.Value : null));
        }
        else if (!Export().IsMatch(text) && !(_isConfiguration && PythonFolder().IsMatch(text)))
        {
            _mistakes.Add(new(line.At(IndexOfContent(text)), Complaint(text)));
        }
    }

    private void ReadFunction(LogicalLine line, Match match)
    {
        var start = _at;
        var name = match.Groups["name"] is { Success: true } named ? named.Value : null;
        while (_at < _lines.Length && _lines[_at] != "}") _at++;
        if (_at == _lines.Length) Wrong(line.Line, "this function is never closed; its last line has to be a lone '}'.");
        _statements.Add(new Statement.Function(line.At(0), name, IsCallable: false, string.Join('\n', _lines[start.._at])));
        _at++;
    }

    private string Complaint(string text)
    {
        var quoted = $"'{Quote.Short(text.Trim())}'";
        if (text[0] == '\uFEFF') return "the file begins with a byte order mark, which BitBake does not read; save it as UTF-8 without one.";
        if (PythonText.IsBlank(text[0])) return $"{quoted} begins with blanks; statements begin in the first column, and a value goes on over several lines only with a backslash at the end of each but the last.";
        if (_isConfiguration && (Inherit().IsMatch(text) || FunctionStart().IsMatch(text))) return $"{quoted} may not stand in a configuration file; write INHERIT += \"class\", or put it into a recipe or a class.";
        if (text.StartsWith("unset ", StringComparison.Ordinal)) return $"{quoted} is not understood; unset takes one plain name, or NAME[flag] with a flag of at least two letters.";
        return LooksLikeAssignment().IsMatch(text)
            ? $"{quoted} has no value in quotes; write NAME = \"value\", with nothing behind it, and end every line but the last with a backslash."
            : $"{quoted} is not understood; an assignment, require, include, inherit, unset or a function is expected.";
    }

    private static int IndexOfContent(string text) => text.Length - text.TrimStart().Length;

    private static string WithoutBlanksAtEnd(string line)
    {
        var end = line.Length;
        while (end > 0 && PythonText.IsBlank(line[end - 1])) end--;
        return line[..end];
    }

    private void Wrong(int line, string message) => _mistakes.Add(new(new(_file, line, 1), message));

    // The value may hold the other kind of quote freely; two values on one line are not one value.
    [GeneratedRegex("""^(export\s+)?(?<var>[a-zA-Z0-9\-_+.${}/~:]+?)(\[(?<flag>[a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@]*)\])?\s*(?<op>:=|\?\?=|\?=|\+=|=\+|=\.|\.=|=)\s*(?!'[^']*'[^']*'$)(?!"[^"]*"[^"]*"$)(?<quote>['"])(?<value>.*)\k<quote>$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Assignment();

    [GeneratedRegex("""^(?<word>require|include)\s+(?<argument>.+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Include();

    [GeneratedRegex("""^(?<word>inherit_defer|inherit)\s+(?<argument>.+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Inherit();

    [GeneratedRegex("""^unset\s+(?<var>[a-zA-Z0-9\-_+.${}/~]+)(\[(?<flag>[a-zA-Z0-9\-_+.][a-zA-Z0-9\-_+.@]+)\])?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Unset();

    [GeneratedRegex("""^export\s+[a-zA-Z0-9\-_+.${}/~]+$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Export();

    [GeneratedRegex("""^addpylib\s+.+\s+.+""", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonFolder();

    [GeneratedRegex("""^(EXPORT_FUNCTIONS\s+.|addtask\s+\w|deltask\s+.|addhandler\s+.)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Ignored();

    [GeneratedRegex("""^(((python(?=(\s|\()))|(fakeroot(?=\s)))\s*)*(?<name>[\w\.\-\+\{\}\$:]+)?\s*\(\s*\)\s*\{$""", RegexOptions.ExplicitCapture)]
    private static partial Regex FunctionStart();

    [GeneratedRegex("""^def\s+(?<name>\w+).*:""", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonStart();

    [GeneratedRegex("""^(\s+.*|#.*)?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex PythonBody();

    [GeneratedRegex("""^\s*[a-zA-Z0-9\-_+.${}/~:\[\]]+\s*(:|\?|\?\?|\+|\.)?=""", RegexOptions.ExplicitCapture)]
    private static partial Regex LooksLikeAssignment();
}
