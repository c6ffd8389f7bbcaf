namespace Strata.Cli.Hub;

/// <content>Units, their models, subjects, and services apart from their bundles.</content>
internal sealed partial class HubClient
{
    /// <summary>PUT units/{name}/: what it says replaces what was said before.</summary>
    public Task<UnitInfo> ChangeUnitAsync(string name, UnitSettings settings, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, $"units/{Uri.EscapeDataString(name)}/", settings, HubJson.Default.UnitSettings, HubJson.Default.UnitInfo, cancellation);

    /// <summary>DELETE units/{name}/.</summary>
    public Task DeleteUnitAsync(string name, CancellationToken cancellation) => DeleteAsync($"units/{Uri.EscapeDataString(name)}/", cancellation);

    /// <summary>GET unit-models/, all pages.</summary>
    public Task<IReadOnlyList<UnitModelInfo>> UnitModelsAsync(CancellationToken cancellation) => ListAsync("unit-models/", HubJson.Default.PageUnitModelInfo, cancellation);

    /// <summary>GET unit-models/{name}/ by id or name.</summary>
    public Task<UnitModelInfo> UnitModelAsync(string name, CancellationToken cancellation) => GetAsync(ModelPath(name), HubJson.Default.UnitModelInfo, cancellation);

    /// <summary>POST unit-models/.</summary>
    public Task<UnitModelInfo> AddUnitModelAsync(UnitModelSettings model, CancellationToken cancellation) =>
        PostAsync("unit-models/", model, HubJson.Default.UnitModelSettings, HubJson.Default.UnitModelInfo, cancellation);

    /// <summary>PUT unit-models/{name}/: what it says replaces what was said before.</summary>
    public Task<UnitModelInfo> ChangeUnitModelAsync(string name, UnitModelSettings model, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Put, ModelPath(name), model, HubJson.Default.UnitModelSettings, HubJson.Default.UnitModelInfo, cancellation);

    /// <summary>DELETE unit-models/{name}/.</summary>
    public Task DeleteUnitModelAsync(string name, CancellationToken cancellation) => DeleteAsync(ModelPath(name), cancellation);

    /// <summary>GET subjects/{id}/.</summary>
    public Task<SubjectInfo> SubjectAsync(string id, CancellationToken cancellation) => GetAsync(SubjectPath(id), HubJson.Default.SubjectInfo, cancellation);

    /// <summary>DELETE subjects/{id}/.</summary>
    public Task DeleteSubjectAsync(string id, CancellationToken cancellation) => DeleteAsync(SubjectPath(id), cancellation);

    /// <summary>DELETE subjects/{id}/services/{name}/ by id or codename.</summary>
    public Task UnassignServiceAsync(string subject, string service, CancellationToken cancellation) =>
        DeleteAsync($"{SubjectPath(subject)}services/{Uri.EscapeDataString(service)}/", cancellation);

    /// <summary>DELETE subjects/{id}/units/{name}/ by id or system id.</summary>
    public Task UnassignUnitAsync(string subject, string unit, CancellationToken cancellation) =>
        DeleteAsync($"{SubjectPath(subject)}units/{Uri.EscapeDataString(unit)}/", cancellation);

    /// <summary>POST services/: one that has no version yet.</summary>
    public Task<ServiceInfo> AddServiceAsync(NewService service, CancellationToken cancellation) =>
        PostAsync("services/", service, HubJson.Default.NewService, HubJson.Default.ServiceInfo, cancellation);

    /// <summary>DELETE services/{name}/ by id or codename, with all its versions.</summary>
    public Task DeleteServiceAsync(string name, CancellationToken cancellation) => DeleteAsync($"services/{Uri.EscapeDataString(name)}/", cancellation);

    /// <summary>DELETE services/versions/{id}/.</summary>
    public Task DeleteServiceVersionAsync(string id, CancellationToken cancellation) => DeleteAsync($"services/versions/{Uri.EscapeDataString(id)}/", cancellation);

    private static string ModelPath(string name) => $"unit-models/{Uri.EscapeDataString(name)}/";

    private static string SubjectPath(string id) => $"subjects/{Uri.EscapeDataString(id)}/";
}

/// <summary>Body of PUT units/{name}/: what is null is no longer so.</summary>
internal sealed record UnitSettings(string? Target, string? Model, string? FleetOwner);

/// <summary>A unit model.</summary>
/// <param name="Target">Name of the target that all units of it run.</param>
internal sealed record UnitModelInfo(string Id, string Owner, string Name, string Version, string Target);

/// <summary>Body of POST unit-models/ and PUT unit-models/{name}/.</summary>
/// <param name="Version">Null is 1.0.0 at first, and what it was later.</param>
internal sealed record UnitModelSettings(string Name, string Target, string? Version);

/// <summary>Body of POST services/.</summary>
internal sealed record NewService(string Codename, string? Title, string? Description);
