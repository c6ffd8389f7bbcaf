using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using Strata.Hub.Access;
using Strata.Hub.State;

namespace Strata.Tests.Hub.Access;

public sealed class AuditTextTests
{
    [Fact]
    public void Every_kind_of_change_that_the_log_keeps_has_words_of_its_own()
    {
        var kinds = typeof(Change).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => a.DerivedType).ToList();
        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind =>
        {
            var change = (Change)RuntimeHelpers.GetUninitializedObject(kind);
            var text = "";
            // Without its content a text may fail, but not for want of words.
            if (Record.Exception(() => text = AuditText.Of(change)) is null) Assert.NotEqual(AuditText.KindOf(change).Replace('-', ' '), text);
        });
    }

    [Fact]
    public void What_the_garbage_collection_removed_is_counted_and_named()
    {
        var digests = Enumerable.Range(0, 7).Select(i => Strata.Model.Identity.Digest.Parse($"sha256:{new string('0', 63)}{i}", null));
        var text = AuditText.Of(new BlobsRemoved(Strata.Model.Identity.EquatableList.Create(digests.ToArray())));
        Assert.StartsWith("7 blobs that nothing named were removed: sha256:", text, StringComparison.Ordinal);
        Assert.EndsWith(" and 2 more", text, StringComparison.Ordinal);
    }
}
