using Strata.Hub.Listeners;

namespace Strata.Hub.Access;

/// <summary>What an endpoint does to which kind of object; every endpoint of the API carries one.</summary>
internal sealed record Needs(Verb Verb, ObjectKind Kind);

/// <summary>The only way to map an endpoint of the API: with what it needs by the policy.</summary>
/// <remarks>Here the role is judged; whose object it is, the endpoint judges by <see cref="Caller.May"/>.</remarks>
internal sealed class ApiRoutes(IEndpointRouteBuilder routes, CallerCheck check)
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
        routes.MapMethods(Base + path, [method], async context =>
        {
            var (caller, refusal) = await check.CheckAsync(context);
            var result = caller is null ? Problems.Answer(StatusCodes.Status401Unauthorized, refusal!)
                : !Policy.Allows(caller.Role, verb, kind) ? Problems.Answer(
                    StatusCodes.Status403Forbidden,
                    $"A user with the role '{caller.RoleName}' may not do this; it needs '{Permissions.Name(verb, kind)}'.")
                : await answer(context, caller);
            await result.ExecuteAsync(context);
        }).At(Listener.Api).WithMetadata(new Needs(verb, kind));
}
