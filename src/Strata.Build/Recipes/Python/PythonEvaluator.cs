using System.Numerics;

namespace Strata.Build.Recipes.Python;

/// <summary>Works out inline Python, <c>${@...}</c>: the part of the language that recipes use to choose and join text.</summary>
/// <remarks>Nothing is guessed: what is not known here is refused by its name.</remarks>
internal sealed class PythonEvaluator(DataStore data)
{
    // A recipe's expressions take some dozens of steps; these bounds only stop one that would not end.
    private const int MostSteps = 200_000;
    private const int LongestNumber = 1024; // bytes
    private const long MostMade = 16 << 20; // characters and items of all values on the way, and each of them may still be held
    private readonly PythonLibrary _library = new(data);
    private readonly Dictionary<string, object?> _locals = new(StringComparer.Ordinal);
    private int _steps;
    private long _made;

    /// <summary>The text that <paramref name="code"/> gives.</summary>
    /// <exception cref="PythonException">It cannot be worked out.</exception>
    public static string Run(string code, DataStore data) => PythonValue.Text(new PythonEvaluator(data).Evaluate(ExpressionParser.Parse(code)));

    private object? Evaluate(Expression expression)
    {
        if (++_steps > MostSteps) throw new PythonException("it takes too many steps");
        var value = Value(expression);
        if (expression is Expression.Binary or Expression.Call or Expression.Slice or Expression.Comprehension or Expression.Sequence) Count(value);
        return value;
    }

    private object? Value(Expression expression)
    {
        return expression switch
        {
            Expression.Constant constant => constant.Value,
            Expression.Name name => _locals.TryGetValue(name.Text, out var local) ? local : _library.Name(name.Text),
            Expression.Member member => _library.Member(Evaluate(member.Owner), member.Text),
            Expression.Call call => Call(call),
            Expression.Index index => PythonIndexing.At(Evaluate(index.Owner), Evaluate(index.At)),
            Expression.Slice slice => PythonIndexing.Slice(Evaluate(slice.Owner), Bound(slice.From), Bound(slice.To), Bound(slice.Step)),
            Expression.Prefix { Operator: "not" } prefix => !PythonValue.IsTrue(Evaluate(prefix.Operand)),
            Expression.Prefix prefix => Prefix(prefix.Operator, Evaluate(prefix.Operand)),
            Expression.Binary binary => Binary(binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right)),
            Expression.Logical logical => Evaluate(logical.Left) is var left && PythonValue.IsTrue(left) == logical.IsAnd ? Evaluate(logical.Right) : left,
            Expression.Comparison comparison => Compare(comparison),
            Expression.Conditional conditional => Evaluate(PythonValue.IsTrue(Evaluate(conditional.Condition)) ? conditional.Then : conditional.Otherwise),
            Expression.Sequence sequence => Collect(sequence.Kind, sequence.Items.Select(Evaluate)),
            Expression.Comprehension comprehension => Comprehend(comprehension),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private void Count(object? value)
    {
        _made += value switch { string text => text.Length, PythonSequence sequence => sequence.Items.Count, _ => 0 };
        if (_made > MostMade) throw new PythonException($"it makes more than {MostMade} characters and items on the way");
        if (value is BigInteger number && number.GetByteCount() > LongestNumber) throw new PythonException("a number has thousands of digits");
    }

    private object? Call(Expression.Call call)
    {
        var called = Evaluate(call.Called);
        if (called is not PythonFunction function) throw new PythonException($"a {PythonValue.TypeOf(called)} cannot be called");
        var arguments = new PythonArguments(function.Name, [.. call.Arguments.Select(a => (a.Keyword, Evaluate(a.Value)))]);
        var value = function.Call(arguments);
        arguments.Close();
        return Bounded(value);
    }

    private BigInteger? Bound(Expression? expression)
    {
        if (expression is null || Evaluate(expression) is not { } value) return null;
        return PythonValue.Number(value) ?? throw new PythonException($"a slice cannot go by {PythonValue.TypeOf(value)}");
    }

    private static BigInteger Prefix(string symbol, object? operand)
    {
        var number = PythonValue.Number(operand) ?? throw new PythonException($"'{symbol}' does not go before {PythonValue.TypeOf(operand)}");
        return symbol switch
        {
            "-" => -number,
            "+" => number,
            _ => -number - 1,
        };
    }

    private static object? Binary(string symbol, object? left, object? right)
    {
        if (PythonValue.Number(left) is { } a && PythonValue.Number(right) is { } b) return Arithmetic(symbol, a, b, left is bool && right is bool);
        return (symbol, left, right) switch
        {
            ("+", string x, string y) => Bounded(x + y),
            ("+", PythonSequence x, PythonSequence y) when x.Items.Count + (long)y.Items.Count > PythonValue.LongestText => throw TooLong(),
            ("+", PythonSequence x, PythonSequence y) when x.Kind == y.Kind && x.Kind != SequenceKind.Set => new PythonSequence(x.Kind, [.. x.Items, .. y.Items]),
            ("*", string text, _) when PythonValue.Number(right) is { } times => Repeat(text, times),
            ("*", _, string text) when PythonValue.Number(left) is { } times => Repeat(text, times),
            ("%", string format, _) => PythonText.Percent(format, right),
            ("&", PythonSequence { Kind: SequenceKind.Set } x, PythonSequence { Kind: SequenceKind.Set } y) => PythonValue.SetOf(x.Items.Where(i => PythonValue.Contains(y, i))),
            ("|", PythonSequence { Kind: SequenceKind.Set } x, PythonSequence { Kind: SequenceKind.Set } y) => PythonValue.SetOf(x.Items.Concat(y.Items)),
            ("-", PythonSequence { Kind: SequenceKind.Set } x, PythonSequence { Kind: SequenceKind.Set } y) => PythonValue.SetOf(x.Items.Where(i => !PythonValue.Contains(y, i))),
            _ => throw new PythonException($"'{symbol}' does not join {PythonValue.TypeOf(left)} and {PythonValue.TypeOf(right)}{PythonValue.HintOf(left is null ? left : right)}"),
        };
    }

    private static object? Arithmetic(string symbol, BigInteger a, BigInteger b, bool truths) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "//" or "%" when b.IsZero => throw new PythonException("it divides by zero"),
        "//" => Floor(a, b),
        "%" => a - (Floor(a, b) * b),
        "&" when truths => !a.IsZero && !b.IsZero,
        "|" when truths => !a.IsZero || !b.IsZero,
        "^" when truths => a != b,
        "&" => a & b,
        "|" => a | b,
        "^" => a ^ b,
        _ => throw new UnsupportedPythonException($"the operator {symbol} on numbers is not supported"),
    };

    // Python rounds down where C# rounds towards zero.
    private static BigInteger Floor(BigInteger a, BigInteger b)
    {
        var quotient = BigInteger.DivRem(a, b, out var rest);
        return !rest.IsZero && (rest.Sign < 0) != (b.Sign < 0) ? quotient - 1 : quotient;
    }

    private static string Repeat(string text, BigInteger times)
    {
        if (times <= 0 || text.Length == 0) return "";
        if (times * text.Length > PythonValue.LongestText) throw TooLong();
        return string.Concat(Enumerable.Repeat(text, (int)times));
    }

    private bool Compare(Expression.Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        foreach (var (symbol, operand) in comparison.Rest)
        {
            var right = Evaluate(operand);
            if (!Holds(symbol, left, right)) return false;
            left = right;
        }
        return true;
    }

    private static bool Holds(string symbol, object? left, object? right) => symbol switch
    {
        "==" => PythonValue.AreEqual(left, right),
        "!=" => !PythonValue.AreEqual(left, right),
        "in" => PythonValue.Contains(right, left),
        "not in" => !PythonValue.Contains(right, left),
        "is" when left is null or bool || right is null or bool => Equals(left, right),
        "is not" when left is null or bool || right is null or bool => !Equals(left, right),
        "is" or "is not" => throw new PythonException($"'{symbol}' is supported for None, True and False; compare with =="),
        _ when left is PythonSequence { Kind: SequenceKind.Set } a && right is PythonSequence { Kind: SequenceKind.Set } b => Subset(symbol, a, b),
        "<" => PythonValue.Compare(left, right, symbol) < 0,
        "<=" => PythonValue.Compare(left, right, symbol) <= 0,
        ">" => PythonValue.Compare(left, right, symbol) > 0,
        _ => PythonValue.Compare(left, right, symbol) >= 0,
    };

    private static bool Subset(string symbol, PythonSequence a, PythonSequence b)
    {
        var (small, large) = symbol[0] == '<' ? (a, b) : (b, a);
        return small.Items.All(i => PythonValue.Contains(large, i)) && (symbol.Length == 2 || small.Items.Count < large.Items.Count);
    }

    private PythonSequence Comprehend(Expression.Comprehension comprehension)
    {
        var items = new List<object?>();
        var before = new Dictionary<string, object?>(_locals, StringComparer.Ordinal);
        Loop(0);
        _locals.Clear();
        foreach (var (name, value) in before) _locals[name] = value;
        return Collect(comprehension.Kind, items);

        void Loop(int depth)
        {
            if (depth == comprehension.Loops.Count)
            {
                items.Add(Evaluate(comprehension.Item));
                if (items.Count > PythonValue.LongestText) throw TooLong();
                return;
            }
            var loop = comprehension.Loops[depth];
            var source = Evaluate(loop.Source);
            // A set that only fills another set shows no order.
            foreach (var item in comprehension.Kind == SequenceKind.Set ? PythonValue.ItemsInAnyOrder(source) : PythonValue.Items(source))
            {
                Bind(loop.Names, item);
                if (loop.Conditions.All(c => PythonValue.IsTrue(Evaluate(c)))) Loop(depth + 1);
            }
        }
    }

    private void Bind(IReadOnlyList<string> names, object? item)
    {
        if (names.Count == 1)
        {
            _locals[names[0]] = item;
            return;
        }
        var parts = PythonValue.Items(item);
        if (parts.Count != names.Count) throw new PythonException($"{parts.Count} values do not fit {names.Count} names");
        for (var i = 0; i < parts.Count; i++) _locals[names[i]] = parts[i];
    }

    private static PythonSequence Collect(SequenceKind kind, IEnumerable<object?> items) => kind == SequenceKind.Set ? PythonValue.SetOf(items) : new(kind, [.. items]);

    private static object? Bounded(object? value) => value is string { Length: > PythonValue.LongestText } ? throw TooLong() : value;

    private static PythonException TooLong() => new($"it gives more than {PythonValue.LongestText} characters");
}
