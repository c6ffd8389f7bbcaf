using Strata.Hub.Listeners;
using Strata.Hub.Reference;
using Strata.Hub.State;

namespace Strata.Hub.Access;

/// <summary>What an endpoint does, and to which kinds of objects; every endpoint of the API carries one.</summary>
/// <param name="Kinds">The caller's role must be let to one of them; none at all is let to everybody, without a certificate.</param>
internal sealed record Needs(Verb Verb, params IReadOnlyList<ObjectKind> Kinds);

/// <summary>The only way to map an endpoint of the API: with what it needs by the policy.</summary>
/// <remarks>Here the role is judged; whose object it is, the endpoint judges by <see cref="Caller.May"/>.</remarks>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, CallerCheck check, HeavyReads heavy)
{
    /// <summary>What all paths of the API begin with.</summary>
    public const string Base = "/api/v11/";

    public IEndpointConventionBuilder Get(string path, ObjectKind kind, Func<HttpContext, Caller, Task<IResult>> answer) => Map(HttpMethods.Get, path, Verb.Read, kind, answer);

    public IEndpointConventionBuilder Get(string path, ObjectKind kind, Func<HttpContext, Caller, IResult> answer) =>
        Get(path, kind, (context, caller) => Task.FromResult(answer(context, caller)));

    public IEndpointConventionBuilder Post(string path, Verb verb, ObjectKind kind, Func<HttpContext, Caller, Task<IResult>> answer) => Map(HttpMethods.Post, path, verb, kind, answer);

    public IEndpointConventionBuilder Put(string path, Verb verb, ObjectKind kind, Func<HttpContext, Caller, Task<IResult>> answer) => Map(HttpMethods.Put, path, verb, kind, answer);

    public IEndpointConventionBuilder Delete(string path, Verb verb, ObjectKind kind, Func<HttpContext, Caller, Task<IResult>> answer) => Map(HttpMethods.Delete, path, verb, kind, answer);

    /// <summary>Any method, for protocols that have their own.</summary>
    public IEndpointConventionBuilder Map(string method, string path, Verb verb, ObjectKind kind, Func<HttpContext, Caller, Task<IResult>> answer) =>
        Map(method, path, verb, [kind], answer);

    /// <summary>For objects of several kinds: the endpoint itself tells which one it meets.</summary>
    public IEndpointConventionBuilder Map(string method, string path, Verb verb, IReadOnlyList<ObjectKind> kinds, Func<HttpContext, Caller, Task<IResult>> answer) =>
        At(method, path, new(verb, kinds), async context =>
        {
            var (caller, refusal) = await check.CheckAsync(context);
            if (caller is not null) Actor.Is(caller.Acting("api", context));
            return caller is null ? Problems.Answer(StatusCodes.Status401Unauthorized, refusal!)
                : !kinds.Any(kind => Policy.Allows(caller.Role, verb, kind)) ? Problems.Answer(
                    StatusCodes.Status403Forbidden,
                    $"A user with the role '{caller.RoleName}' may not do this; it needs '{string.Join("' or '", kinds.Select(kind => Permissions.Name(verb, kind)))}'.")
                : context.GetEndpoint()?.Metadata.GetMetadata<HeavyRead>() is null ? await answer(context, caller)
                : await heavy.AnswerAsync(context, caller, () => answer(context, caller));
        });

    /// <summary>For who has no certificate yet. The endpoint itself judges what it is shown instead.</summary>
    public IEndpointConventionBuilder PostWithoutCertificate(string path, Func<HttpContext, Task<IResult>> answer) => At(HttpMethods.Post, path, new(Verb.Create), answer);

    private IEndpointConventionBuilder At(string method, string path, Needs needs, Func<HttpContext, Task<IResult>> answer)
    {
        // The method is what makes the endpoint part of the API's description; all else is said as metadata.
        RequestDelegate run = async context => await (await answer(context)).ExecuteAsync(context);
        return routes.MapMethods(Base + path, [method], run).At(Listener.Api).WithMetadata(needs, new ApiPath(Base + path), run.Method)
            .Refuses([
                StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden,
                .. path.Contains('{', StringComparison.Ordinal) ? [StatusCodes.Status404NotFound] : Array.Empty<int>(),
            ]);
    }
}
