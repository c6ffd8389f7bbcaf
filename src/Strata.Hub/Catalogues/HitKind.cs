namespace Strata.Hub.Catalogues;

/// <summary>What a search found. The numbers stand in the index; they never change their meaning within one <see cref="IndexTables.Schema"/>.</summary>
public enum HitKind
{
    /// <summary>A layer, by its codename, another name of it, or its title.</summary>
    Layer = 0,

    /// <summary>A library inside a layer, by its name, version, licence or a soname.</summary>
    Library = 1,

    /// <summary>A file inside a layer, by its path or its soname.</summary>
    File = 2,
}
