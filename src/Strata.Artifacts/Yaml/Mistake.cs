using System.Globalization;
using Strata.Model.Identity;

namespace Strata.Artifacts.Yaml;

/// <summary>One thing that is wrong with a document that a person wrote: where, what, and what would cure it.</summary>
/// <param name="File">The file's name as its author knows it.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
/// <param name="Message">A sentence.</param>
public sealed record Mistake(string File, int Line, int Column, string Message)
{
    /// <summary><c>config.yaml:14:3: message</c>, the form that editors jump to.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}");
}

/// <summary>What reading a document came to. There are two cases and no third.</summary>
public abstract record Reading<T>
{
    private Reading() { }

    /// <summary>Nothing is wrong with it.</summary>
    public sealed record Good(T Value) : Reading<T>;

    /// <summary>Everything that is wrong with it, in the order of its lines; at least one.</summary>
    public sealed record Bad(EquatableList<Mistake> Mistakes) : Reading<T>
    {
        /// <summary>One mistake a line.</summary>
        public override string ToString() => string.Join('\n', Mistakes);
    }
}

/// <summary>Collects what is wrong with one document, so that its author learns all of it at once.</summary>
/// <param name="file">The file's name as its author knows it.</param>
public sealed class MistakeList(string file)
{
    private const int Most = 100;
    private readonly List<Mistake> _found = [];

    /// <summary>The file's name as its author knows it.</summary>
    public string File { get; } = file;

    /// <summary>Nothing is wrong so far.</summary>
    public bool IsEmpty => _found.Count == 0;

    /// <summary>What was found, in the order of lines.</summary>
    public EquatableList<Mistake> All => _found.OrderBy(m => m.Line).ThenBy(m => m.Column).ToEquatableList();

    /// <summary>Adds one; after a hundred the rest is dropped.</summary>
    public void Add(YamlMark at, string message)
    {
        if (_found.Count < Most) _found.Add(new(File, at.Line, at.Column, message));
    }

    /// <summary>The value, or the mistakes if there are any.</summary>
    /// <param name="value">Called only when there are none.</param>
    public Reading<T> Conclude<T>(Func<T> value) => IsEmpty ? new Reading<T>.Good(value()) : new Reading<T>.Bad(All);
}
