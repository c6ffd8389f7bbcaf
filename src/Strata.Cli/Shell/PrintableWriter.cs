using System.Text;

namespace Strata.Cli.Shell;

/// <summary>Writes for people what others named: nothing in it acts on the terminal, so that no package can repaint the lines above it.</summary>
internal sealed class PrintableWriter(TextWriter output) : TextWriter
{
    private const char Shown = '\uFFFD';

    /// <inheritdoc/>
    public override Encoding Encoding => output.Encoding;

    /// <summary>The text with a mark for each control character but line feed and tab.</summary>
    public static string Clean(string text) => text.Any(IsActing) ? string.Concat(text.Select(c => IsActing(c) ? Shown : c)) : text;

    /// <inheritdoc/>
    public override void Write(char value) => output.Write(IsActing(value) ? Shown : value);

    /// <inheritdoc/>
    public override void Write(string? value) => output.Write(value is null ? null : Clean(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        Write(value);
        output.WriteLine();
    }

    private static bool IsActing(char c) => char.IsControl(c) && c is not ('\n' or '\t');
}
