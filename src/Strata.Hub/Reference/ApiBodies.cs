using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Strata.Hub.Reference;

/// <summary>Tells what derives the description which document an endpoint takes, by <see cref="ApiBody"/>.</summary>
internal sealed class ApiBodies : IApiDescriptionProvider
{
    /// <summary>Behind the framework's own, which finds the endpoints.</summary>
    public int Order => 0;

    /// <inheritdoc/>
    public void OnProvidersExecuting(ApiDescriptionProviderContext context)
    {
    }

    /// <inheritdoc/>
    public void OnProvidersExecuted(ApiDescriptionProviderContext context)
    {
        foreach (var description in context.Results)
        {
            if (description.ActionDescriptor.EndpointMetadata.OfType<ApiBody>().SingleOrDefault() is not { } body) continue;
            description.ParameterDescriptions.Add(new() { Name = "body", Type = body.Type, Source = BindingSource.Body, IsRequired = true });
            description.SupportedRequestFormats.Add(new() { MediaType = "application/json" });
        }
    }
}
