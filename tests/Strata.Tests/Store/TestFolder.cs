namespace Strata.Tests.Store;

/// <summary>A directory of its own for one test, removed with whatever it holds.</summary>
internal sealed class TestFolder : IDisposable
{
    public TestFolder() => Path = Directory.CreateTempSubdirectory("strata-test-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        using var parent = Strata.Store.Files.DirectoryHandle.Open(System.IO.Path.GetDirectoryName(Path)!);
        parent.RemoveTree(System.IO.Path.GetFileName(Path));
    }
}
