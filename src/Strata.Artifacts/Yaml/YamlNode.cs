using Strata.Model.Identity;

namespace Strata.Artifacts.Yaml;

/// <summary>A place in a document.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">Counted from 1.</param>
public readonly record struct YamlMark(int Line, int Column);

/// <summary>A node of a YAML document: a scalar, a sequence or a mapping, with its place. There are no aliases.</summary>
/// <param name="Mark">Where it begins.</param>
public abstract record YamlNode(YamlMark Mark)
{
    /// <summary>What it is, for messages: <c>a text</c>, <c>a list</c>, <c>a mapping</c>.</summary>
    public abstract string Kind { get; }
}

/// <summary>One value. It is text until a reader makes something of it: <c>1.0</c> and <c>yes</c> are not turned into numbers or truth.</summary>
/// <param name="IsPlain">Written without quotes.</param>
public sealed record YamlScalar(YamlMark Mark, string Value, bool IsPlain) : YamlNode(Mark)
{
    /// <summary>Written as nothing, <c>~</c> or <c>null</c> without quotes.</summary>
    public bool IsNull => IsPlain && (Value is "" or "~" or "null" or "Null" or "NULL");

    /// <inheritdoc/>
    public override string Kind => IsNull ? "empty" : "a text";
}

/// <summary>A list.</summary>
public sealed record YamlSequence(YamlMark Mark, EquatableList<YamlNode> Items) : YamlNode(Mark)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>Keys with values, in the order in which they were written.</summary>
public sealed record YamlMapping(YamlMark Mark, EquatableList<YamlEntry> Entries) : YamlNode(Mark)
{
    /// <inheritdoc/>
    public override string Kind => "a mapping";
}

/// <summary>One key of a mapping.</summary>
public sealed record YamlEntry(YamlScalar Key, YamlNode Value);
