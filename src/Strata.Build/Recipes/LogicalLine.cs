namespace Strata.Build.Recipes;

/// <summary>A line as the recipe means it: physical lines that end in a backslash are joined.</summary>
internal sealed class LogicalLine(string file)
{
    private readonly List<(int Offset, int Line)> _pieces = [];

    /// <summary>The joined text, without the backslashes and without blanks at the end.</summary>
    public string Text { get; private set; } = "";

    /// <summary>No physical line has been added.</summary>
    public bool IsEmpty => _pieces.Count == 0;

    /// <summary>It begins as a comment.</summary>
    public bool IsComment => Text.StartsWith('#');

    /// <summary>The physical line where it begins.</summary>
    public int Line => IsEmpty ? 0 : _pieces[0].Line;

    /// <summary>Adds the text of one physical line.</summary>
    public void Add(string text, int line)
    {
        _pieces.Add((Text.Length, line));
        Text += text;
    }

    /// <summary>Where the character at <paramref name="offset"/> of <see cref="Text"/> stands in the file.</summary>
    public SourcePosition At(int offset)
    {
        var piece = _pieces.FindLast(p => p.Offset <= offset);
        return new(file, piece.Line, offset - piece.Offset + 1);
    }
}
