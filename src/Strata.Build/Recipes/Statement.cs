namespace Strata.Build.Recipes;

/// <summary>One statement of a recipe, include file, class or configuration file. Tasks and handlers give none: they set no variable.</summary>
/// <param name="At">Where it begins.</param>
internal abstract record Statement(SourcePosition At)
{
    /// <summary>Gives a variable, or one of its flags, a value.</summary>
    /// <param name="Variable">With its overrides, <c>AOS_LAYER_FEATURES:append:pn-x</c>.</param>
    /// <param name="Flag">Null for the variable itself.</param>
    public sealed record Assign(SourcePosition At, string Variable, string? Flag, Operator Operator, string Value, Func<int, SourcePosition> ValueAt) : Statement(At);

    /// <summary><c>require</c> or <c>include</c> of files, separated by blanks: the one refuses a file that is not there, the other goes on.</summary>
    public sealed record Include(SourcePosition At, string Paths, bool Required) : Statement(At);

    /// <summary><c>inherit</c> of classes by name, separated by blanks; a deferred one acts when all else was read.</summary>
    public sealed record Inherit(SourcePosition At, string Classes, bool Deferred) : Statement(At);

    /// <summary><c>unset</c> of a variable, or of one flag.</summary>
    public sealed record Unset(SourcePosition At, string Variable, string? Flag) : Statement(At);

    /// <summary>A shell or Python function, which is not run.</summary>
    /// <param name="Name">Null for Python that BitBake would run when the recipe was read.</param>
    /// <param name="IsCallable">A <c>def</c>, which inline Python could call.</param>
    public sealed record Function(SourcePosition At, string? Name, bool IsCallable, string Body) : Statement(At);
}

/// <summary>The assignment operators of BitBake.</summary>
/// <remarks>Source: BitBake user manual, "Basic Syntax".</remarks>
internal enum Operator
{
    /// <summary><c>=</c>: expanded when it is read.</summary>
    Set,

    /// <summary><c>:=</c>: expanded at once.</summary>
    SetNow,

    /// <summary><c>?=</c>: only when nothing has been set; the first one wins.</summary>
    SetIfUnset,

    /// <summary><c>??=</c>: only when nothing was set by the end; the last one wins.</summary>
    WeakDefault,

    /// <summary><c>+=</c>: behind, with a blank.</summary>
    AppendWord,

    /// <summary><c>=+</c>: in front, with a blank.</summary>
    PrependWord,

    /// <summary><c>.=</c>: behind, as it is.</summary>
    AppendText,

    /// <summary><c>=.</c>: in front, as it is.</summary>
    PrependText,
}

/// <summary>How operators are written.</summary>
internal static class Operators
{
    private static readonly string[] Texts = ["=", ":=", "?=", "??=", "+=", "=+", ".=", "=."];

    /// <summary>The operator that <paramref name="text"/> is.</summary>
    public static Operator Of(string text) => (Operator)Array.IndexOf(Texts, text);

    /// <summary>As it stands in a recipe.</summary>
    public static string Text(this Operator op) => Texts[(int)op];
}
