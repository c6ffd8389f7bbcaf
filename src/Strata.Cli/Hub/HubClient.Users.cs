using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Strata.Artifacts.Signing;

namespace Strata.Cli.Hub;

/// <content>Users, invitations, enrolment and the audit.</content>
internal sealed partial class HubClient
{
    /// <summary>GET users/, all pages.</summary>
    public Task<IReadOnlyList<UserCertificate>> UsersAsync(CancellationToken cancellation) => ListAsync("users/", HubJson.Default.PageUserCertificate, cancellation);

    /// <summary>POST users/{name}/revoke/ by serial number, key id or name.</summary>
    /// <param name="isUnseen">It may be a certificate that never came to the hub; for an admin alone.</param>
    public Task<RevokedUsers> RevokeUserAsync(string name, string? reason, bool isUnseen, CancellationToken cancellation) =>
        PostAsync($"users/{Uri.EscapeDataString(name)}/revoke/", new(reason, isUnseen), HubJson.Default.Revocation, HubJson.Default.RevokedUsers, cancellation);

    /// <summary>POST user-invitations/.</summary>
    public Task<Invitation> InviteAsync(NewInvitation invitation, CancellationToken cancellation) =>
        PostAsync("user-invitations/", invitation, HubJson.Default.NewInvitation, HubJson.Default.Invitation, cancellation);

    /// <summary>POST user-certificates/ with an invitation's token.</summary>
    /// <param name="csr">PKCS #10 as PEM.</param>
    public Task<IssuedCertificate> EnrolAsync(string token, string csr, CancellationToken cancellation)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new(csr), HubJson.Default.CertificateRequestBody));
        content.Headers.ContentType = new("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, "user-certificates/") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Token", token);
        return SendAsync(request, HubJson.Default.IssuedCertificate, AnswerTimeout, cancellation);
    }

    /// <summary>GET audit/, newest first, page after page.</summary>
    /// <param name="query">Filters, as the API names them.</param>
    /// <param name="most">Lines.</param>
    public async Task<IReadOnlyList<AuditLine>> AuditAsync(IReadOnlyDictionary<string, string?> query, int most, CancellationToken cancellation)
    {
        var filters = string.Concat(query.Where(q => q.Value is not null).Select(q => $"&{q.Key}={Uri.EscapeDataString(q.Value!)}"));
        var lines = new List<AuditLine>();
        for (string? cursor = null; ;)
        {
            var page = await GetAsync($"audit/?limit={Math.Min(PageSize, most - lines.Count)}{filters}{(cursor is null ? "" : $"&cursor={cursor}")}", HubJson.Default.AuditPage, cancellation);
            lines.AddRange(page.Items);
            cursor = page.NextCursor;
            if (cursor is null || lines.Count >= most) return lines;
        }
    }
}

/// <summary>A user's certificate.</summary>
/// <param name="RevokedAt">Null while it is taken.</param>
internal sealed record UserCertificate(
    string Serial, string Kid, string Name, string Role, string Owner, DateTimeOffset NotAfter, DateTimeOffset SeenAt, DateTimeOffset? RevokedAt, string? RevokedReason);

/// <summary>Body of POST users/{name}/revoke/.</summary>
internal sealed record Revocation(string? Reason, bool Unseen);

/// <summary>What was revoked.</summary>
/// <param name="UnseenKids">Key ids that are taken no more although no certificate with them ever came.</param>
internal sealed record RevokedUsers(UserCertificate[] Revoked, string[] UnseenKids);

/// <summary>Body of POST user-invitations/; what is null is the caller's own.</summary>
internal sealed record NewInvitation(string Name, string? Role, string? Owner, int? Hours);

/// <summary>An invitation; <paramref name="Token"/> is told once.</summary>
internal sealed record Invitation(string Id, string Name, string Role, string Owner, string State, DateTimeOffset EndsAt, string? Token);

/// <summary>Body of POST user-certificates/.</summary>
internal sealed record CertificateRequestBody(string Csr);

/// <summary>An issued certificate with those above it, PEM.</summary>
internal sealed record IssuedCertificate(string Certificate, string? Note);

/// <summary>A line of the audit.</summary>
internal sealed record AuditLine(long Id, DateTimeOffset? At, string Kind, string Text, string? Via, string? Actor, string? Role, string? Owner, string? Address);

/// <summary>A page of the audit.</summary>
internal sealed record AuditPage(AuditLine[] Items, string? NextCursor);
