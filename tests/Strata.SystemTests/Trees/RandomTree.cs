using CsCheck;
using Strata.Artifacts.Tar;
using Strata.Store.Files;

namespace Strata.SystemTests.Trees;

/// <summary>What a name in a generated tree is.</summary>
internal abstract record Node(int Mode, uint Uid, uint Gid, long ModifiedAt)
{
    public sealed record Folder(int Mode, uint Uid, uint Gid, long ModifiedAt, bool Noted, IReadOnlyDictionary<string, Node> Children) : Node(Mode, Uid, Gid, ModifiedAt);

    public sealed record Content(int Mode, uint Uid, uint Gid, long ModifiedAt, byte Fill, int Size, int Attribute) : Node(Mode, Uid, Gid, ModifiedAt);

    public sealed record Link(uint Uid, long ModifiedAt, string Target) : Node(0x1FF, Uid, Uid, ModifiedAt);

    public sealed record Special(int Mode, uint Uid, long ModifiedAt, int Kind) : Node(Mode, Uid, Uid, ModifiedAt);

    /// <summary>A further name of the file that stands first in the tree's order; a fifo when there is none.</summary>
    public sealed record Twin() : Node(0x1A4, 0, 0, 1);
}

/// <summary>Makes pairs of small, nasty trees that have much in common.</summary>
internal static class RandomTree
{
    private static readonly string[] Names = ["a", "b-", "a.d", ".hid", "new\nline", ByteText.FromBytes([0xFF, (byte)'x']), "ü", new string('n', 120)];
    private static readonly Gen<int> Modes = Pick(0x1A4, 0x1ED, 0x9ED, 0x5ED, 0x180, 0x3FF);
    private static readonly Gen<uint> Owners = Pick(0u, 0u, 1000u, 3_000_000u);
    private static readonly Gen<long> Times = Pick(1L, 1_000_000_000L, 1_700_000_001L);

    private static readonly Gen<Node> Leaf = Gen.Frequency(
        (6, Gen.Select(Modes, Owners, Owners, Times, Gen.Byte[97, 98], Pick(0, 1, 3, 3, 512, 300_000), Gen.Int[0, 3])
            .Select(t => (Node)new Node.Content(t.Item1, t.Item2, t.Item3, t.Item4, t.Item5, t.Item6, t.Item7))),
        (2, Gen.Select(Owners, Times, Pick("a", "/etc/passwd", "../../..", "nowhere")).Select(t => (Node)new Node.Link(t.Item1, t.Item2, t.Item3))),
        (1, Gen.Select(Modes, Owners, Times, Gen.Int[0, 2]).Select(t => (Node)new Node.Special(t.Item1, t.Item2, t.Item3, t.Item4))),
        (2, Gen.Const((Node)new Node.Twin())));

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<Node> Any(int depth) => depth == 0 ? Leaf : Gen.Frequency((3, Leaf), (2, Folder(depth - 1).Select(folder => (Node)folder)));

    private static Gen<Node.Folder> Folder(int depth) =>
        Gen.Select(Modes, Owners, Times, Gen.Bool, Gen.Select(Gen.Int[0, Names.Length - 1], Any(depth)).Array[0, 5])
            .Select(t => new Node.Folder(t.Item1, t.Item2, t.Item2, t.Item3, t.Item4, t.Item5.GroupBy(c => Names[c.Item1]).ToDictionary(g => g.Key, g => g.First().Item2)));

    /// <summary>A parent and a child, in which about half of what each directory holds is the same.</summary>
    public static Gen<(Node.Folder Parent, Node.Folder Child)> Pairs { get; } =
        Gen.Select(Folder(3), Folder(3), Gen.Int[0, int.MaxValue]).Select(t => (t.Item1, (Node.Folder)Mix(t.Item1, t.Item2, new Random(t.Item3))));

    private static Node Mix(Node one, Node other, Random random)
    {
        if (one is not Node.Folder a || other is not Node.Folder b) return random.Next(2) == 0 ? one : other;
        var children = new Dictionary<string, Node>();
        foreach (var name in a.Children.Keys.Union(b.Children.Keys))
        {
            var (left, right) = (a.Children.GetValueOrDefault(name), b.Children.GetValueOrDefault(name));
            var mixed = random.Next(5) switch
            {
                0 => right,
                1 when left is not null && right is not null => Mix(left, right, random),
                2 when left is Node.Content content => content with { Fill = 99 },
                _ => left,
            };
            if (mixed is not null) children[name] = mixed;
        }
        return (random.Next(3) == 0 ? b : a) with { Children = children };
    }

    /// <summary>The tree as a user without rights could have made it: all its own, no devices, no capabilities, folders that it may enter.</summary>
    public static Node.Folder OwnedBy(Node.Folder tree, uint user) => (Node.Folder)Owned(tree, user);

    private static Node Owned(Node node, uint user) => node switch
    {
        Node.Folder folder => folder with { Mode = folder.Mode | 0x1C0, Uid = user, Gid = user, Children = folder.Children.ToDictionary(child => child.Key, child => Owned(child.Value, user)) },
        Node.Content content => content with { Uid = user, Gid = user, Attribute = content.Attribute == 2 ? 1 : content.Attribute },
        Node.Link link => link with { Uid = user, Gid = user },
        Node.Special special => special with { Uid = user, Gid = user, Kind = 0 },
        _ => node with { Uid = user, Gid = user },
    };

    /// <summary>Makes the tree at <paramref name="path"/>.</summary>
    public static void Write(Node.Folder tree, string path)
    {
        Directory.CreateDirectory(path);
        using var root = DirectoryHandle.Open(path);
        (DirectoryHandle Folder, string Name)? first = null;
        WriteFolder(root, tree, ref first);
        first?.Folder.Dispose();
    }

    private static void WriteFolder(DirectoryHandle directory, Node.Folder folder, ref (DirectoryHandle Folder, string Name)? first)
    {
        foreach (var (name, node) in folder.Children.OrderBy(child => child.Key, StringComparer.Ordinal))
        {
            switch (node)
            {
                case Node.Folder child:
                    directory.CreateDirectory(name, 0x1C0);
                    using (var below = directory.OpenDirectory(name)) WriteFolder(below, child, ref first);
                    break;
                case Node.Content content:
                    using (var file = directory.CreateFile(name)) file.Write(Enumerable.Repeat(content.Fill, content.Size).ToArray());
                    Finish(directory, name, content);
                    if (content.Attribute == 1) directory.SetAttribute(name, "user.note", "bin\0ary\n"u8);
                    if (content.Attribute == 2) directory.SetAttribute(name, "security.capability", Convert.FromHexString("0100000200040000000000000000000000000000"));
                    directory.SetModifiedAt(name, content.ModifiedAt);
                    first ??= (directory.OpenDirectory("."), name);
                    break;
                case Node.Link link:
                    directory.CreateSymbolicLink(name, link.Target);
                    Finish(directory, name, link);
                    break;
                case Node.Twin when first is { } existing:
                    directory.CreateHardLink(name, existing.Folder, existing.Name);
                    break;
                default:
                    if (node is Node.Special { Kind: > 0 and var kind }) directory.CreateDevice(name, kind == 2, 7, 300);
                    else directory.CreateFifo(name);
                    Finish(directory, name, node);
                    break;
            }
        }
        if (folder.Noted) directory.SetAttribute("", "user.folder", "n"u8);
        Finish(directory, "", folder);
    }

    private static void Finish(DirectoryHandle directory, string name, Node node)
    {
        directory.SetOwner(name, node.Uid, node.Gid);
        if (node is not Node.Link) directory.SetMode(name, node.Mode);
        directory.SetModifiedAt(name, node.ModifiedAt);
    }
}
