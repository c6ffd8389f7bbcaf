using System.Text;
using Strata.Artifacts.Inspection;

namespace Strata.Artifacts.Sbom;

/// <summary>An ELF file in one line, for people.</summary>
internal static class BinaryText
{
    public static string Of(FoundBinary binary)
    {
        var about = binary.Describe();
        var text = new StringBuilder("ELF for ").Append(about.Architecture);
        if (about.Soname is { } soname) text.Append("; soname ").Append(soname);
        if (about.Needed.Count > 0) text.Append("; needs ").AppendJoin(", ", about.Needed);
        if (about.BuildId is { } id) text.Append("; build id ").Append(id);
        return text.ToString();
    }
}
