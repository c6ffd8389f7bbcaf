using System.Text.Json.Serialization;
using Strata.Hub.Browsing;

namespace Strata.Hub.Access;

/// <summary>A user's certificate.</summary>
/// <param name="Serial">Its serial number, upper-case hex: names it in addresses.</param>
/// <param name="Kid">How signatures name it.</param>
/// <param name="SeenAt">When the hub issued it or saw it first.</param>
/// <param name="RevokedAt">Null while it is taken.</param>
/// <param name="RevokedReason">Null when none was given.</param>
public sealed record UserDocument(
    string Serial, string Kid, string Name, string Role, string Owner, DateTimeOffset NotAfter, DateTimeOffset SeenAt, DateTimeOffset? RevokedAt, string? RevokedReason);

/// <summary>Whom to invite.</summary>
/// <param name="Role">Null is the role of who invites.</param>
/// <param name="Owner">Null is the owner of who invites.</param>
/// <param name="Hours">How long the token is good; 72 when null, 720 at most.</param>
public sealed record InvitationRequest(string? Name, string? Role = null, string? Owner = null, int? Hours = null);

/// <summary>An invitation.</summary>
/// <param name="State"><c>open</c>, <c>used</c> or <c>expired</c>.</param>
/// <param name="Token">Told once, in the answer that made it; null ever after.</param>
public sealed record InvitationDocument(
    Guid Id, string Name, string Role, string Owner, string InvitedBy, string State, DateTimeOffset MadeAt, DateTimeOffset EndsAt, string? Token);

/// <summary>Why certificates are revoked.</summary>
/// <param name="Unseen">It may be a certificate that never came to this hub; for an admin alone.</param>
public sealed record RevocationRequest(string? Reason = null, bool Unseen = false);

/// <summary>Every certificate that was revoked by one call.</summary>
/// <param name="UnseenKids">Key ids that are taken no more although no certificate with them ever came.</param>
public sealed record RevocationDocument(UserDocument[] Revoked, string[] UnseenKids);

/// <summary>A request for a certificate. Source: facts on AosEdge, c.3.</summary>
/// <param name="Csr">PKCS #10 as PEM.</param>
public sealed record EnrolmentRequest(string? Csr);

/// <summary>A certificate that was issued.</summary>
/// <param name="Certificate">PEM: the user's, then those above it.</param>
/// <param name="Note">What the holder has to know of the key; null when nothing.</param>
public sealed record EnrolmentDocument(string Certificate, string? Note);

/// <summary>A line of the audit.</summary>
/// <param name="Id">Its number in the log.</param>
/// <param name="At">Null in records of the first release.</param>
/// <param name="Kind">As the log names it: <c>unit-added</c>.</param>
/// <param name="Text">What happened, in words.</param>
/// <param name="Via"><c>api</c>, <c>portal</c>, <c>unit</c>, <c>invitation</c> or <c>hub</c>.</param>
/// <param name="Actor">The user's name or the unit's system id; null for the hub itself.</param>
/// <param name="Address">The other end of the connection.</param>
/// <param name="Subject">The name that a provider of OpenID Connect has for the user, when one signed them in.</param>
public sealed record AuditDocument(
    long Id, DateTimeOffset? At, string Kind, string Text, string? Via, string? Actor, string? Role, string? Owner, string? Address, string? Subject);

/// <summary>A part of the audit, newest first.</summary>
/// <param name="NextCursor">Asks for what is older; null at the end. Lines that come in meanwhile do not move it.</param>
public sealed record AuditPage(AuditDocument[] Items, string? NextCursor);

/// <summary>JSON of users, snake_case as everywhere in the API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UserDocument))]
[JsonSerializable(typeof(Page<UserDocument>))]
[JsonSerializable(typeof(InvitationRequest))]
[JsonSerializable(typeof(InvitationDocument))]
[JsonSerializable(typeof(Page<InvitationDocument>))]
[JsonSerializable(typeof(RevocationRequest))]
[JsonSerializable(typeof(RevocationDocument))]
[JsonSerializable(typeof(EnrolmentRequest))]
[JsonSerializable(typeof(EnrolmentDocument))]
[JsonSerializable(typeof(AuditPage))]
internal sealed partial class AccessJson : JsonSerializerContext;
