using Strata.Artifacts.Signing;
using Strata.Hub.Persistence;
using Strata.Hub.Access;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Store;

namespace Strata.Hub.Targets;

/// <summary>Targets as people and tools read them; the API and the portal show the same.</summary>
internal sealed class TargetViews(IBlobs blobs)
{
    /// <summary>Name under which the signed document can be downloaded.</summary>
    public const string DocumentName = "target.json";

    /// <summary>Those that <paramref name="caller"/> may read, by owner and name.</summary>
    public static IEnumerable<TargetRow> Seen(HubState state, Caller caller) => state.Targets.Values.Where(t => caller.Sees(Guarded.Of(t)));

    /// <summary>A target by UUID, name or <c>name.owner-domain</c>: of the caller's own first, then of any owner that it sees.</summary>
    public static TargetRow? Find(HubState state, Caller caller, string name)
    {
        var seen = Seen(state, caller).ToList();
        return seen.FirstOrDefault(t => t.Owner == caller.Owner && t.Name == name)
            ?? seen.FirstOrDefault(t => t.Name == name || $"{t.Name}.{t.Owner}" == name || (Guid.TryParse(name, out var id) && id == t.Id));
    }

    /// <summary>A target as <paramref name="caller"/> sees it: with whom it is shared is its owner's to know.</summary>
    public static TargetDocument Of(TargetRow target, Caller caller) => new(
        target.Id, target.Owner, target.Name, target.Base, target.Platform, target.HasBase, [.. target.Visible], target.Packages,
        caller.May(Verb.Change, Guarded.Of(target)) || caller.Role == ClientRole.Admin ? [.. target.SharedWith] : [],
        [.. Documents(target)],
        target.SignedBy,
        target.PublishedAt,
        [.. target.Earlier.Select(e => new TargetRevisionDocument(e.Base, e.PublishedAt))]);

    /// <summary>One document as a download; 404 when there is none of that name.</summary>
    public async Task<IResult> ContentAsync(TargetRow target, string name, CancellationToken cancellation) =>
        Documents(target).FirstOrDefault(d => d.Name == name) is { } found && await blobs.OpenAsync(found.Digest, cancellation) is { } file
            ? TypedResults.Stream(file, "application/json", found.Name, entityTag: new($"\"{found.Digest.Hex}\""), enableRangeProcessing: true)
            : Problems.Answer(StatusCodes.Status404NotFound, $"The target {target.Name} has no document '{Quote.Short(name)}'; it has {string.Join(", ", Documents(target).Select(d => d.Name))}.");

    private static IEnumerable<SideDocument> Documents(TargetRow target) =>
        target.Documents.Append(new(DocumentName, target.Document, target.DocumentSize)).OrderBy(d => d.Name, StringComparer.Ordinal);
}
