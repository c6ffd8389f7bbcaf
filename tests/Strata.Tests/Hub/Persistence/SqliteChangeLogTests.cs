using Strata.Hub.Persistence;
using Strata.Tests.Store;

namespace Strata.Tests.Hub.Persistence;

public sealed class SqliteChangeLogTests : ChangeLogContract
{
    private readonly TestFolder _folder = new();

    internal override Task<HubDatabase> FreshAsync() => Task.FromResult<HubDatabase>(SqliteDatabase.Open(_folder["hub.db"]));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
