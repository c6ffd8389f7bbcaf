namespace Strata.Tests.Hub.Access;

/// <summary>Every endpoint of the API, and what each caller is answered there, written by hand. Nobody without a certificate is let in anywhere but where a dot says so.</summary>
/// <remarks>
/// A row: method, path, what it needs by the policy, then the status for the OEM whose things they are, another OEM, the service provider whose service it is,
/// another one, the fleet owner of the unit, an admin. A dash is an endpoint that is judged by a test of its own.
/// Requests have the body <c>{}</c>: 400 and 422 mean that the caller was let through to where its body is read.
/// </remarks>
public static class ApiMatrix
{
    /// <summary>The callers, in the order of the columns.</summary>
    public static readonly string[] Callers = ["oem", "oem2", "sp", "sp2", "fleet", "admin"];

    private const string Table = """
        GET    users/me/                            Read:Me                        200 200 200 200 200 200
        GET    users/                               Read:*User                     200 200 200 200 200 200
        GET    users/{name}/                        Read:*User                     200 404 404 404 404 200
        POST   users/{name}/revoke/                 Delete:*User                   -   404 404 404 403 -
        GET    user-invitations/                    Read:*User                     200 200 200 200 200 200
        POST   user-invitations/                    Create:*User                   422 422 422 422 403 422
        DELETE user-invitations/{id}/               Delete:*User                   404 404 404 404 403 404
        POST   user-certificates/                   Create:                        .   .   .   .   .   .
        GET    audit/                               Read:AuditRecord               200 200 200 200 200 200
        GET    layers/                              Read:Layer                     200 200 200 200 403 200
        GET    layers/{name}/                       Read:Layer                     200 404 200 200 403 200
        GET    layers/{name}/versions/              Read:Layer                     200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/    Read:Layer                     200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/libraries/ Read:Layer              200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/files/ Read:Layer                  200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/symbols/ Read:Layer                200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/documents/{document} Read:Layer    200 404 200 200 403 200
        GET    layers/{name}/versions/{version}/used-by/ Read:Layer                200 404 200 200 403 200
        GET    layers/{name}/used-by/               Read:Layer                     200 404 200 200 403 200
        GET    layers/{name}/graph/                 Read:Layer                     200 404 200 200 403 200
        GET    layers/{name}/compare/               Read:Layer                     400 404 400 400 403 400
        PUT    layers/{name}/                       Change:Layer                   422 404 403 403 403 403
        PUT    layers/{name}/sharing/               Change:Layer                   200 404 403 403 403 403
        PUT    layers/{name}/sharing/{provider}/    Change:Layer                   422 404 403 403 403 403
        POST   layers/{name}/aliases/               Change:Layer                   422 404 403 403 403 403
        DELETE layers/{name}/aliases/{alias}/       Change:Layer                   404 404 403 403 403 403
        PUT    layers/{name}/versions/{version}/state/ Change:Layer                422 404 403 403 403 403
        DELETE layers/{name}/versions/{version}/    Delete:Layer                   -   404 403 403 403 403
        GET    search/                              Read:Layer                     400 400 400 400 403 400
        GET    catalogue/                           Read:Layer                     200 200 200 200 403 200
        GET    services/                            Read:Service                   200 200 200 200 403 200
        POST   services/                            Create:Service                 403 403 422 422 403 403
        GET    services/{name}/                     Read:Service                   200 200 200 404 403 200
        DELETE services/{name}/                     Delete:Service                 403 403 409 404 403 403
        GET    services/{name}/service-versions/    Read:Service                   200 200 200 404 403 200
        GET    services/{name}/units/               Read:Service                   200 200 200 404 403 200
        GET    services/versions/{id}/              Read:Service                   200 200 200 404 403 200
        DELETE services/versions/{id}/              Delete:Service                 403 403 409 404 403 403
        GET    service-providers/                   Read:ServiceProvider           200 200 200 200 403 200
        GET    units/                               Read:Unit                      200 200 403 403 200 200
        POST   units/                               Create:Unit                    422 422 403 403 403 403
        GET    units/{name}/                        Read:Unit                      200 404 403 403 200 200
        GET    units/{name}/nodes/                  Read:Unit                      200 404 403 403 200 200
        PUT    units/{name}/                        Change:Unit                    200 404 403 403 403 403
        DELETE units/{name}/                        Delete:Unit                    409 404 403 403 403 403
        GET    unit-models/                         Read:UnitModel                 200 200 403 403 403 200
        POST   unit-models/                         Create:UnitModel               422 422 403 403 403 403
        GET    unit-models/{name}/                  Read:UnitModel                 404 404 403 403 403 404
        PUT    unit-models/{name}/                  Change:UnitModel               404 404 403 403 403 403
        DELETE unit-models/{name}/                  Delete:UnitModel               404 404 403 403 403 403
        GET    subjects/                            Read:Subject                   200 200 403 403 403 200
        POST   subjects/                            Create:Subject                 422 422 403 403 403 403
        GET    subjects/{id}/                       Read:Subject                   200 404 403 403 403 200
        DELETE subjects/{id}/                       Delete:Subject                 409 404 403 403 403 403
        POST   subjects/{id}/services/              Bind:Subject                   422 422 403 403 403 403
        DELETE subjects/{id}/services/{name}/       Bind:Subject                   404 404 403 403 403 403
        POST   subjects/{id}/units/                 Bind:Subject                   422 422 403 403 403 403
        DELETE subjects/{id}/units/{name}/          Bind:Subject                   404 404 403 403 403 403
        GET    targets/                             Read:Target                    200 200 200 200 403 200
        POST   targets/                             Create:Target                  400 400 403 403 403 403
        GET    targets/{name}/                      Read:Target                    404 404 404 404 403 404
        PUT    targets/{name}/sharing/              Change:Target                  404 404 403 403 403 403
        GET    targets/{name}/documents/{document}  Read:Target                    404 404 404 404 403 404
        POST   deployment-bundles/upload/           Create:Bundle                  400 400 400 400 403 403
        GET    deployment-bundles/                  Read:Bundle                    200 200 200 200 403 200
        GET    deployment-bundles/{id}/             Read:Bundle                    200 404 404 404 403 200
        GET    deployment-bundles/{id}/log/         Read:Bundle                    200 404 404 404 403 200
        GET    deployment-bundles/events/           Read:Bundle                    -   -   -   -   403 -
        DELETE deployment-bundles/{id}/             Delete:Bundle                  -   404 404 404 403 403
        OPTIONS uploads/                            Create:Bundle                  204 204 204 204 403 403
        POST   uploads/                             Create:Bundle                  412 412 412 412 403 403
        HEAD   uploads/{id}                         Create:Bundle                  404 404 404 404 403 403
        PATCH  uploads/{id}                         Create:Bundle                  412 412 412 412 403 403
        DELETE uploads/{id}                         Create:Bundle                  412 412 412 412 403 403
        GET    openapi.json                         Read:Me                        200 200 200 200 200 200
        GET    docs                                 Read:Me                        200 200 200 200 200 200
        POST   maintenance/garbage/                 Change:Maintenance             403 403 403 403 403 200
        """;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<ApiRow> Rows { get; } =
        [.. Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(c => new ApiRow(c[0], c[1], c[2], c[3..]))];
}

/// <summary>One endpoint of <see cref="ApiMatrix"/>.</summary>
/// <param name="Needs"><c>Verb:Kind</c>; <c>*User</c> is all kinds of users.</param>
/// <param name="Statuses">In the order of <see cref="ApiMatrix.Callers"/>.</param>
public sealed record ApiRow(string Method, string Path, string Needs, string[] Statuses);
