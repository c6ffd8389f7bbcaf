namespace Strata.Cli.Commands.Units;

/// <summary>Result of every <c>delete</c> of something that has a name: what is no longer there.</summary>
/// <param name="Kind"><c>unit</c>, <c>model</c>, <c>subject</c>, <c>service</c>.</param>
internal sealed record Removed(string Kind, string Name);
