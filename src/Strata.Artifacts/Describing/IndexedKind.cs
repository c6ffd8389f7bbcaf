using System.Text.Json.Serialization;
using Strata.Artifacts.Json;

namespace Strata.Artifacts.Describing;

/// <summary>What stands at a path of a layer.</summary>
/// <remarks>In JSON as its <see cref="IndexedKinds.Word"/>.</remarks>
[JsonConverter(typeof(LowerCaseEnumConverter<IndexedKind>))]
public enum IndexedKind
{
    /// <summary>A file with content.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    SymbolicLink,

    /// <summary>Another name of a file of the same layer.</summary>
    HardLink,

    /// <summary>A named pipe.</summary>
    Fifo,

    /// <summary>A character device.</summary>
    CharacterDevice,

    /// <summary>A block device.</summary>
    BlockDevice,

    /// <summary>Nothing: the layer deletes what lower ones have there.</summary>
    Deleted,

    /// <summary>A directory without what lower layers have in it.</summary>
    Emptied,
}
