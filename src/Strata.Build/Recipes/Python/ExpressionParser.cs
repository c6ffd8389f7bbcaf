using System.Globalization;
using System.Numerics;

namespace Strata.Build.Recipes.Python;

/// <summary>Reads one Python expression, by recursive descent.</summary>
/// <remarks>Source: the Python 3 language reference, "Expressions", section "Operator precedence". Lambda, dictionaries, unpacking, <c>**</c> and assignment are refused by name.</remarks>
internal sealed class ExpressionParser
{
    // Far beyond what a person writes; keeps a hostile value from using up the stack.
    private const int DeepestNesting = 64;
    private readonly IReadOnlyList<Token> _tokens;
    private int _at;
    private int _depth;

    private ExpressionParser(string text) => _tokens = Lexer.Read(text);

    private Token Current => _tokens[_at];

    /// <summary>Reads all of <paramref name="text"/>.</summary>
    /// <exception cref="PythonException">It is no expression, or one that is not supported.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        var expression = parser.ReadTupleOrOne(TokenKind.End, "");
        if (parser.Current.Kind != TokenKind.End) throw parser.Unexpected();
        return expression;
    }

    private Expression ReadTupleOrOne(TokenKind endKind, string end)
    {
        var first = ReadExpression();
        if (!Current.Is(",")) return first;
        var items = new List<Expression> { first };
        while (Accept(","))
        {
            if (Current.Kind == endKind && (endKind == TokenKind.End || Current.Text == end)) break;
            items.Add(ReadExpression());
        }
        return new Expression.Sequence(SequenceKind.Tuple, items);
    }

    private Expression ReadExpression()
    {
        if (++_depth > DeepestNesting) throw new PythonException("it is nested too deeply");
        var value = ReadOr();
        if (Accept("if"))
        {
            var condition = ReadOr();
            Expect("else");
            value = new Expression.Conditional(value, condition, ReadExpression());
        }
        _depth--;
        return value;
    }

    private Expression ReadOr()
    {
        var left = ReadAnd();
        while (Accept("or")) left = new Expression.Logical(IsAnd: false, left, ReadAnd());
        return left;
    }

    private Expression ReadAnd()
    {
        var left = ReadNot();
        while (Accept("and")) left = new Expression.Logical(IsAnd: true, left, ReadNot());
        return left;
    }

    private Expression ReadNot()
    {
        var times = 0;
        while (Accept("not")) times++;
        var value = ReadComparison();
        for (; times > 0; times--) value = new Expression.Prefix("not", value);
        return value;
    }

    private Expression ReadComparison()
    {
        var first = ReadBinary(0);
        var rest = new List<(string, Expression)>();
        while (ReadComparisonOperator() is { } comparison) rest.Add((comparison, ReadBinary(0)));
        return rest.Count == 0 ? first : new Expression.Comparison(first, rest);
    }

    private string? ReadComparisonOperator()
    {
        foreach (var symbol in (string[])["==", "!=", "<=", ">=", "<", ">", "in"])
        {
            if (Accept(symbol)) return symbol;
        }
        if (Accept("is")) return Accept("not") ? "is not" : "is";
        if (!Current.Is("not")) return null;
        _at++;
        Expect("in");
        return "not in";
    }

    private static readonly string[][] Levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "//", "/", "%"]];

    private Expression ReadBinary(int level)
    {
        if (level == Levels.Length) return ReadPrefix();
        var left = ReadBinary(level + 1);
        while (Array.Find(Levels[level], Current.Is) is { } symbol)
        {
            _at++;
            left = new Expression.Binary(symbol, left, ReadBinary(level + 1));
        }
        return left;
    }

    private Expression ReadPrefix()
    {
        foreach (var symbol in (string[])["-", "+", "~"])
        {
            if (!Accept(symbol)) continue;
            if (++_depth > DeepestNesting) throw new PythonException("it is nested too deeply");
            var operand = ReadPrefix();
            _depth--;
            return new Expression.Prefix(symbol, operand);
        }
        var value = ReadPostfix(ReadAtom());
        return Current.Is("**") ? throw new UnsupportedPythonException("the operator ** is not supported") : value;
    }

    private Expression ReadPostfix(Expression value)
    {
        while (true)
        {
            if (Accept(".")) value = new Expression.Member(value, ReadName());
            else if (Accept("(")) value = new Expression.Call(value, ReadArguments());
            else if (Accept("[")) value = ReadSubscript(value);
            else return value;
        }
    }

    private Expression ReadSubscript(Expression owner)
    {
        var from = Current.Is(":") ? null : ReadExpression();
        if (Accept("]")) return new Expression.Index(owner, from ?? throw Unexpected());
        Expect(":");
        var to = Current.Is(":") || Current.Is("]") ? null : ReadExpression();
        var step = Accept(":") && !Current.Is("]") ? ReadExpression() : null;
        Expect("]");
        return new Expression.Slice(owner, from, to, step);
    }

    private List<(string?, Expression)> ReadArguments()
    {
        var arguments = new List<(string?, Expression)>();
        while (!Accept(")"))
        {
            if (Current.Is("*") || Current.Is("**")) throw new UnsupportedPythonException("unpacking with * is not supported");
            string? keyword = null;
            if (Current.Kind == TokenKind.Name && _tokens[_at + 1].Is("="))
            {
                keyword = Current.Text;
                _at += 2;
            }
            var value = ReadExpression();
            if (Current.Is("for")) value = ReadComprehension(SequenceKind.List, value);
            arguments.Add((keyword, value));
            if (!Accept(",") && !Current.Is(")")) throw Unexpected();
        }
        return arguments;
    }

    private Expression ReadAtom()
    {
        var token = Current;
        _at++;
        switch (token.Kind)
        {
            case TokenKind.Number when BigInteger.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number): return new Expression.Constant(number);
            case TokenKind.String: return new Expression.Constant(ReadStrings(token.Text));
            case TokenKind.Name: return new Expression.Name(token.Text);
        }
        switch (token.Text)
        {
            case "None": return new Expression.Constant(null);
            case "True": return new Expression.Constant(true);
            case "False": return new Expression.Constant(false);
            case "(": return ReadParenthesis();
            case "[": return ReadList();
            case "{": return ReadSet();
            case "lambda" or "await" or "yield" or "async": throw new UnsupportedPythonException($"'{token.Text}' is not supported");
        }
        _at--;
        throw Unexpected();
    }

    // Strings side by side are one.
    private string ReadStrings(string first)
    {
        for (; Current.Kind == TokenKind.String; _at++) first += Current.Text;
        return first;
    }

    private Expression ReadParenthesis()
    {
        if (Accept(")")) return new Expression.Sequence(SequenceKind.Tuple, []);
        var inner = ReadTupleOrOne(TokenKind.Symbol, ")");
        if (Current.Is("for")) inner = ReadComprehension(SequenceKind.List, inner);
        Expect(")");
        return inner;
    }

    private Expression ReadList()
    {
        if (Accept("]")) return new Expression.Sequence(SequenceKind.List, []);
        return ReadItems(SequenceKind.List, "]");
    }

    private Expression ReadSet()
    {
        if (Current.Is("}")) throw new UnsupportedPythonException("dictionaries are not supported");
        return ReadItems(SequenceKind.Set, "}");
    }

    private Expression ReadItems(SequenceKind kind, string end)
    {
        var items = new List<Expression> { ReadExpression() };
        if (Current.Is(":")) throw new UnsupportedPythonException("dictionaries are not supported");
        if (Current.Is("for"))
        {
            var comprehension = ReadComprehension(kind, items[0]);
            Expect(end);
            return comprehension;
        }
        while (Accept(","))
        {
            if (Current.Is(end)) break;
            items.Add(ReadExpression());
        }
        Expect(end);
        return new Expression.Sequence(kind, items);
    }

    private Expression.Comprehension ReadComprehension(SequenceKind kind, Expression item)
    {
        var loops = new List<Expression.Loop>();
        while (Accept("for"))
        {
            var names = new List<string> { ReadName() };
            while (Accept(",")) names.Add(ReadName());
            Expect("in");
            var source = ReadOr();
            var conditions = new List<Expression>();
            while (Accept("if")) conditions.Add(ReadOr());
            loops.Add(new(names, source, conditions));
        }
        return new(kind, item, loops);
    }

    private string ReadName()
    {
        if (Current.Kind != TokenKind.Name) throw Unexpected();
        return _tokens[_at++].Text;
    }

    private bool Accept(string text)
    {
        if (!Current.Is(text)) return false;
        _at++;
        return true;
    }

    private void Expect(string text)
    {
        if (!Accept(text)) throw new PythonException(Current.Kind == TokenKind.End ? $"'{text}' is missing at its end" : $"'{text}' is expected before '{Current.Text}'");
    }

    private PythonException Unexpected() => new(Current.Kind == TokenKind.End ? "it ends too early" : $"'{Current.Text}' is not expected there");
}
