namespace Strata.Build.Recipes.Python;

/// <summary>A Python expression of the kinds that recipes use.</summary>
internal abstract record Expression
{
    private Expression() { }

    /// <summary>A string, a whole number, <c>True</c>, <c>False</c> or <c>None</c>.</summary>
    public sealed record Constant(object? Value) : Expression;

    /// <summary>A name alone.</summary>
    public sealed record Name(string Text) : Expression;

    /// <summary><c>owner.name</c>.</summary>
    public sealed record Member(Expression Owner, string Text) : Expression;

    /// <summary><c>called(arguments)</c>; a keyword is null for an argument by position.</summary>
    public sealed record Call(Expression Called, IReadOnlyList<(string? Keyword, Expression Value)> Arguments) : Expression;

    /// <summary><c>owner[at]</c>.</summary>
    public sealed record Index(Expression Owner, Expression At) : Expression;

    /// <summary><c>owner[from:to:step]</c>.</summary>
    public sealed record Slice(Expression Owner, Expression? From, Expression? To, Expression? Step) : Expression;

    /// <summary><c>- + not ~</c> in front.</summary>
    public sealed record Prefix(string Operator, Expression Operand) : Expression;

    /// <summary>Arithmetic and set operators.</summary>
    public sealed record Binary(string Operator, Expression Left, Expression Right) : Expression;

    /// <summary><c>and</c>, <c>or</c>: the right side counts only if the left does not decide.</summary>
    public sealed record Logical(bool IsAnd, Expression Left, Expression Right) : Expression;

    /// <summary>One comparison or several in a chain, <c>a &lt; b &lt;= c</c>.</summary>
    public sealed record Comparison(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest) : Expression;

    /// <summary><c>then if condition else otherwise</c>.</summary>
    public sealed record Conditional(Expression Then, Expression Condition, Expression Otherwise) : Expression;

    /// <summary>A list, a tuple or a set in its brackets.</summary>
    public sealed record Sequence(SequenceKind Kind, IReadOnlyList<Expression> Items) : Expression;

    /// <summary><c>item for names in source if conditions</c>, in the brackets of a list, a set or a call.</summary>
    public sealed record Comprehension(SequenceKind Kind, Expression Item, IReadOnlyList<Loop> Loops) : Expression;

    /// <summary>One <c>for</c> of a comprehension.</summary>
    public sealed record Loop(IReadOnlyList<string> Names, Expression Source, IReadOnlyList<Expression> Conditions);
}

/// <summary>Kinds of collections.</summary>
internal enum SequenceKind
{
    /// <summary><c>[...]</c>.</summary>
    List,

    /// <summary><c>(...)</c>.</summary>
    Tuple,

    /// <summary><c>{...}</c>.</summary>
    Set,
}
