using Strata.Model.Layers;

namespace Strata.Artifacts.Inspection;

/// <summary>Follows the symbolic links of a layer as far as the layer itself leads.</summary>
internal static class LinkChecks
{
    private const int MostHops = 40; // where the kernel gives up, too
    private const int MostParts = 4096;
    private const long MostWalked = 512L << 20; // characters of all paths together: seconds, where made-up links would take hours

    /// <param name="links">Targets by path.</param>
    public static IEnumerable<LayerFinding> Of(IReadOnlyDictionary<string, string> links)
    {
        var walk = new Budget();
        foreach (var (path, target) in links)
        {
            if (Climbs(path, target))
                yield return LayerRules.EscapingLink.Finding(path, $"it points to '{target}', which climbs above the root. Point it to an absolute path.");
            if (Loops(path, links, walk))
                yield return LayerRules.LoopingLink.Finding(path, $"it points to '{target}' and leads back to itself. Remove it or point it elsewhere.");
            if (walk.Characters <= MostWalked) continue;
            yield return LayerRules.NotRead.Finding(path, "this link and those after it lead through so many others that they were not followed.");
            yield break;
        }
    }

    private sealed class Budget
    {
        public long Characters { get; set; }
    }

    private static bool Climbs(string path, string target)
    {
        var depth = target.StartsWith('/') ? 0 : path.Count(c => c == '/');
        foreach (var part in target.Split('/'))
        {
            if (part == "..") depth--;
            else if (part is not "" and not ".") depth++;
            if (depth < 0) return true;
        }
        return false;
    }

    // Walks from the root part by part; whenever what was walked is a link, its target takes its place.
    private static bool Loops(string path, IReadOnlyDictionary<string, string> links, Budget walk)
    {
        var left = new Stack<string>(Parts(path));
        var walked = new List<string>();
        var (hops, steps) = (0, 0);
        while (left.TryPop(out var part))
        {
            if (++steps > MostParts || walk.Characters > MostWalked) return false; // a very long way, but no circle
            if (part == "..")
            {
                if (walked.Count > 0) walked.RemoveAt(walked.Count - 1);
                continue;
            }
            walked.Add(part);
            var here = string.Join('/', walked);
            walk.Characters += here.Length;
            if (!links.TryGetValue(here, out var target)) continue;
            if (++hops > MostHops) return true;
            if (target.StartsWith('/')) walked.Clear();
            else walked.RemoveAt(walked.Count - 1);
            foreach (var next in Parts(target)) left.Push(next);
        }
        return false;
    }

    // Last part first, as they go onto a stack.
    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(p => p is not "" and not ".").Reverse();
}
