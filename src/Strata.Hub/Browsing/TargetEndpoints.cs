using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Strata.Artifacts.Hashing;
using Strata.Artifacts.Json;
using Strata.Artifacts.Signing;
using Strata.Hub.Listeners;
using Strata.Hub.State;
using Strata.Hub.Trust;
using Strata.Model.Identity;
using Strata.Store;

namespace Strata.Hub.Browsing;

/// <summary>What the hub reads of a signed target document; the whole of it is kept as a blob. Source: docs/formats/target.md.</summary>
internal sealed record TargetPayload(string Name, Digest Identity, Platform Platform);

/// <summary>JSON of a target document.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(DigestConverter), typeof(PlatformConverter)])]
[JsonSerializable(typeof(TargetPayload))]
internal sealed partial class TargetPayloadJson : JsonSerializerContext;

/// <summary><c>targets/</c>.</summary>
internal sealed class TargetEndpoints(HubWriter writer, HubTrust trust, BlobStore blobs, TimeProvider clock) : IDisposable
{
    private const int LongestDocument = 4 * 1024 * 1024; // forty thousand packages
    private const int LongestName = 64;

    // A document is held in memory several times over while it is judged: one at a time.
    private readonly SemaphoreSlim _one = new(1, 1);

    public void Map(ApiRoutes api)
    {
        api.Get("targets/", Permission.TargetsRead, (HttpContext context, Caller caller) => Requests.Page(
            context, writer.State.Targets.Values.Where(t => caller.Sees(t.Owner)), Of, ApiJson.Default.PageTargetDocument));
        api.Post("targets/", Permission.TargetsCreate, PublishAsync);
    }

    private async Task<IResult> PublishAsync(HttpContext context, Caller caller)
    {
        var (text, tooLong) = await TextAsync(context);
        if (text is null) return tooLong!;
        await _one.WaitAsync(context.RequestAborted);
        try
        {
            return await JudgeAsync(text, caller, context.RequestAborted);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IResult> JudgeAsync(string text, Caller caller, CancellationToken cancellation)
    {
        // Its own certificates only: another OEM's signature says nothing about this one's target.
        var signers = writer.State.Users.Values.Where(u => u.Owner == caller.Owner && u.Role == caller.Identity.Role)
            .Select(u => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(u.Certificate))).ToList();
        try
        {
            return new JwsVerifier(trust.Users, clock).Verify(text, signers, LongestDocument) switch
            {
                SignatureVerdict.Trusted trusted => await KeepAsync(trusted.Content.Payload, caller, cancellation),
                SignatureVerdict.Refused refused => Problems.Answer(StatusCodes.Status400BadRequest, refused.Detail),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        finally
        {
            foreach (var signer in signers) signer.Dispose();
        }
    }

    private async Task<IResult> KeepAsync(ReadOnlyMemory<byte> payload, Caller caller, CancellationToken cancellation)
    {
        TargetPayload target;
        try
        {
            target = JsonSerializer.Deserialize(payload.Span, TargetPayloadJson.Default.TargetPayload) ?? throw new JsonException("It is null.");
        }
        catch (JsonException problem)
        {
            return Problems.Answer(StatusCodes.Status400BadRequest, $"The target document cannot be read: {problem.Message}");
        }
        if (target.Name.Length is 0 or > LongestName || target.Name.Any(char.IsControl))
            return Problems.Answer(StatusCodes.Status400BadRequest, $"A target's name has 1 to {LongestName} characters, none of them a control character.");
        await using var content = new MemoryStream(payload.ToArray());
        var blob = await blobs.IngestAsync(content, payload.Length, cancellation);
        var id = Guid.NewGuid();
        var (row, isNew) = await writer.CommitAsync(state =>
        {
            var present = state.Targets.GetValueOrDefault(HubState.TargetKey(caller.Owner, target.Name));
            if (present?.Document == blob.Digest) return new Decision<(TargetRow, bool)>((present, false));
            var fresh = new TargetRow(present?.Id ?? id, caller.Owner, target.Name, target.Identity, target.Platform, blob.Digest, clock.GetUtcNow());
            return new((fresh, true), new BlobAdded(blob.Digest, blob.Size, Convert.ToHexStringLower(blob.Sha3With256)), new TargetPublished(fresh));
        }, cancellation);
        return TypedResults.Json(Of(row), ApiJson.Default.TargetDocument, statusCode: isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<(string? Text, IResult? TooLong)> TextAsync(HttpContext context)
    {
        context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = LongestDocument + 1;
        try
        {
            await using var bounded = new BoundedStream(context.Request.Body, LongestDocument, "The target document", leaveOpen: true);
            using var reader = new StreamReader(bounded, Encoding.ASCII);
            return ((await reader.ReadToEndAsync(context.RequestAborted)).Trim(), null);
        }
        catch (Exception problem) when (problem is ContentTooLargeException or BadHttpRequestException)
        {
            return (null, Problems.Answer(StatusCodes.Status413PayloadTooLarge, $"A target document has at most {LongestDocument} bytes."));
        }
    }

    private static TargetDocument Of(TargetRow target) => new(target.Id, target.Owner, target.Name, target.Base, target.Platform, target.PublishedAt);
}
