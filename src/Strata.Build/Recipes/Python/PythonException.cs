namespace Strata.Build.Recipes.Python;

/// <summary>An inline Python expression that cannot be worked out. The message is a clause.</summary>
internal class PythonException(string message) : Exception(message);

/// <summary>An expression that BitBake may well work out, and that is not known here.</summary>
internal sealed class UnsupportedPythonException(string message) : PythonException(message);

/// <summary>A string literal has no end: BitBake then leaves the expression in the text as it is.</summary>
internal sealed class UnterminatedStringException() : PythonException("a string is never closed");
