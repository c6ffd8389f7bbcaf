namespace Strata.Build.Recipes.Python;

/// <summary>One word of an inline Python expression.</summary>
/// <param name="Text">A string's content without its quotes and with its escapes worked out; else as written.</param>
/// <param name="Offset">In characters from the start of the expression.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Offset)
{
    /// <summary>It is this operator, bracket or keyword.</summary>
    public bool Is(string text) => Kind is TokenKind.Symbol or TokenKind.Keyword && Text == text;
}

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    /// <summary>A name that is no keyword.</summary>
    Name,

    /// <summary>A word of the language.</summary>
    Keyword,

    /// <summary>A string literal.</summary>
    String,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>An operator, a bracket, a comma, a dot or a colon.</summary>
    Symbol,

    /// <summary>Behind the last token.</summary>
    End,
}
