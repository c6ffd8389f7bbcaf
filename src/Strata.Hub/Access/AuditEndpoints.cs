using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;
using Strata.Hub.Browsing;
using Strata.Hub.Listeners;
using Strata.Hub.Persistence;
using Strata.Hub.Reference;
using Strata.Hub.State;
using Strata.Model.Identity;

namespace Strata.Hub.Access;

/// <summary><c>audit/</c>: every change, newest first, out of the log that the hub's state is made of. Nothing can change or remove a line of it.</summary>
internal sealed class AuditEndpoints(HubWriter writer)
{
    private const int MostOnAPage = 100;
    /// <summary>Lines that one request looks at; the cursor goes on from there.</summary>
    internal const int MostScanned = 20_000;


    public void Map(ApiRoutes api) => api.Get("audit/", ObjectKind.AuditRecord, (HttpContext context, Caller caller) => List(context, caller))
        .Says("Every change, newest first.", "Lines are added and never changed. An owner reads what concerned its objects when it happened; an admin reads all.").Gives<AuditPage>()
        .Asks("limit", $"Lines at most; {MostOnAPage} when it is not given or more.", JsonSchemaType.Integer)
        .Asks("offset", $"How many to pass over, {MostScanned} at most; 0 when it is not given.", JsonSchemaType.Integer)
        .Asks("ordering", "-id, the newest first, when it is not given.", values: ["id", "-id"])
        .Asks("cursor", "The next_cursor of the answer before: goes on there.")
        .Asks("kind", "Only changes of this kind: `unit-added`.").Asks("actor", "Only changes by this user or unit.")
        .Asks("via", "Only changes by this way.", values: ["api", "portal", "unit", "invitation", "hub"])
        .Asks("since", "Only from this time on, RFC 3339.").Asks("until", "Only before this time, RFC 3339.").Searches("the line's text").IsHeavy().Refuses(StatusCodes.Status400BadRequest);

    private IResult List(HttpContext context, Caller caller)
    {
        var (filter, mistakes) = Filter.Read(context.Request.Query);
        return filter is null
            ? Problems.Answer(StatusCodes.Status400BadRequest, mistakes)
            : TypedResults.Json(Page(caller, filter, context.RequestAborted), AccessJson.Default.AuditPage);
    }

    /// <summary>What <paramref name="caller"/> may read of the audit; the portal shows the same.</summary>
    /// <remarks>Looks at a bounded number of lines. Where that ends it early, what is still to be passed over goes with the cursor.</remarks>
    public AuditPage Page(Caller caller, Filter filter, CancellationToken cancellation)
    {
        var found = new List<AuditDocument>();
        var (scanned, last) = (0, 0L);
        var toPass = filter.Offset;
        foreach (var logged in filter.IsOldestFirst ? writer.Since(filter.Cursor ?? 0) : writer.History(filter.Cursor ?? long.MaxValue))
        {
            cancellation.ThrowIfCancellationRequested();
            if (found.Count == filter.Limit || scanned++ >= MostScanned) return new([.. found], Cursor(last, toPass));
            last = logged.Sequence;
            // Times only rise.
            if (logged.Stamp is { } stamp && (filter.IsOldestFirst ? stamp.At >= filter.Until : stamp.At < filter.Since)) break;
            var by = logged.Stamp?.Actor is { } text ? JsonSerializer.Deserialize(text, StampJson.Default.AuditStamp) : null;
            if (!Seen(caller, by) || !filter.Takes(logged, by)) continue;
            if (toPass > 0) toPass--;
            else found.Add(Of(logged, by));
        }
        return new([.. found], null);
    }

    private static string Cursor(long last, int toPass) =>
        toPass > 0 ? string.Create(CultureInfo.InvariantCulture, $"{last}.{toPass}") : last.ToString(CultureInfo.InvariantCulture);

    private static bool Seen(Caller caller, AuditStamp? stamp) =>
        (stamp?.Concerns ?? []).DefaultIfEmpty("").Any(owner => caller.Sees(new(ObjectKind.AuditRecord, owner)));

    private static AuditDocument Of(LoggedChange logged, AuditStamp? stamp) => new(
        logged.Sequence, logged.Stamp?.At, AuditText.KindOf(logged.Change), AuditText.Of(logged.Change),
        stamp?.By.Via, stamp?.By.Name, stamp?.By.Role, stamp?.By.Owner, stamp?.By.Address, stamp?.By.Subject);

    /// <summary>What is asked for.</summary>
    internal sealed record Filter(int Limit, long? Cursor, string? Kind, string? Actor, string? Via, string? Search, DateTimeOffset Since, DateTimeOffset Until)
    {
        /// <summary>How many lines to pass over before the first.</summary>
        public int Offset { get; init; }

        /// <summary>The oldest line comes first.</summary>
        public bool IsOldestFirst { get; init; }

        /// <summary>Reads <c>limit</c>, <c>offset</c>, <c>ordering</c>, <c>cursor</c>, <c>kind</c>, <c>actor</c>, <c>via</c>, <c>search</c>, <c>since</c>, <c>until</c>; lists every mistake.</summary>
        public static (Filter? Filter, List<string> Mistakes) Read(IQueryCollection query)
        {
            var mistakes = new List<string>();
            string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;
            DateTimeOffset Time(string name, DateTimeOffset @default)
            {
                if (Text(name) is not { } text) return @default;
                if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time;
                mistakes.Add($"{name}: a time as 2026-01-31T12:00:00Z is expected.");
                return @default;
            }
            var (cursor, rest) = ((long?)null, 0);
            if (Text("cursor") is { } at)
            {
                var dot = at.IndexOf('.', StringComparison.Ordinal);
                if (long.TryParse(dot < 0 ? at : at[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && (dot < 0 || (int.TryParse(at[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out rest) && rest <= MostScanned))) cursor = number;
                else mistakes.Add("cursor: the next_cursor of an earlier answer is expected.");
            }
            var limit = Math.Max(1, Requests.Number(query, "limit", MostOnAPage, MostOnAPage, mistakes));
            var offset = Requests.Number(query, "offset", 0, MostScanned, mistakes);
            if (offset > 0 && cursor is not null) mistakes.Add("offset: a cursor says already where to go on; give one of the two.");
            if (Text("ordering") is { } ordering and not ("id" or "-id")) mistakes.Add($"ordering: '{Quote.Short(ordering)}' is none of id, -id.");
            var filter = new Filter(limit, cursor, Text("kind"), Text("actor"), Text("via"), Text("search"), Time("since", DateTimeOffset.MinValue), Time("until", DateTimeOffset.MaxValue))
            {
                Offset = cursor is null ? offset : rest, IsOldestFirst = Text("ordering") == "id",
            };
            return mistakes.Count > 0 ? (null, mistakes) : (filter, mistakes);
        }

        public bool Takes(LoggedChange logged, AuditStamp? stamp) =>
            (Kind is null || AuditText.KindOf(logged.Change) == Kind)
            && (Actor is null || stamp?.By.Name == Actor)
            && (Via is null || stamp?.By.Via == Via)
            && (logged.Stamp?.At ?? DateTimeOffset.MinValue) is var at && at < Until && at >= Since
            && (Search is null || AuditText.Of(logged.Change).Contains(Search, StringComparison.OrdinalIgnoreCase));
    }
}
