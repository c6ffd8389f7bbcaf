namespace Strata.Hub.Portal;

/// <summary>What a form of the portal sent.</summary>
internal sealed class PortalForm
{
    private readonly IFormCollection _fields;

    private PortalForm(IFormCollection fields) => _fields = fields;

    /// <summary>A field without blanks at its ends; null when it is empty or not there.</summary>
    public string? this[string name] => _fields[name].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>All values of a field that may stand several times.</summary>
    public string[] All(string name) => [.. _fields[name].OfType<string>().Select(v => v.Trim()).Where(v => v.Length > 0)];

    /// <exception cref="BadHttpRequestException">It is no form, or larger than any of ours.</exception>
    public static async Task<PortalForm> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType) throw new BadHttpRequestException("A form is expected.");
        try
        {
            return new(await context.Request.ReadFormAsync(context.RequestAborted));
        }
        catch (InvalidDataException wrong)
        {
            throw new BadHttpRequestException($"The form cannot be read: {wrong.Message}", wrong);
        }
    }
}
