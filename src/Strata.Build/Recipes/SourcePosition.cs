namespace Strata.Build.Recipes;

/// <summary>A place in a text file.</summary>
/// <param name="File">As it was found, relative paths kept.</param>
/// <param name="Line">From 1; 0 when the whole file is meant.</param>
/// <param name="Column">In characters, from 1.</param>
public sealed record SourcePosition(string File, int Line, int Column)
{
    /// <summary>The command line, where <c>--set</c> stands.</summary>
    public static SourcePosition CommandLine { get; } = new("--set", 0, 0);

    /// <summary><c>file:line:column</c>, or the file alone.</summary>
    public override string ToString() => Line == 0 ? File : $"{File}:{Line}:{Column}";
}
