using System.Text.Json.Serialization;

namespace Strata.Hub.State;

/// <summary>On whose behalf the hub changes something, and from where.</summary>
/// <remarks>
/// It goes with the flow of the call and not from hand to hand, so that no writer can leave it out.
/// Where none was named, the hub acts by itself.
/// </remarks>
/// <param name="Via"><c>api</c>, <c>portal</c>, <c>unit</c>, <c>invitation</c> or <c>hub</c>.</param>
/// <param name="Name">The user's name or the unit's system id; null for the hub.</param>
/// <param name="Role">Null when it is no user.</param>
/// <param name="Owner">Domain; null for the hub.</param>
/// <param name="Kid">Of the certificate; null when there was none.</param>
/// <param name="Address">The other end of the connection; null when there was none.</param>
internal sealed record Actor(string Via, string? Name = null, string? Role = null, string? Owner = null, string? Kid = null, string? Address = null)
{
    /// <summary>The name that a provider of OpenID Connect has for the user, when one signed them in.</summary>
    public string? Subject { get; init; }

    private static readonly AsyncLocal<Actor?> Flowing = new();

    /// <summary>The hub by itself.</summary>
    public static Actor Hub { get; } = new("hub");

    /// <summary>Who acts in this flow of calls.</summary>
    public static Actor Current => Flowing.Value ?? Hub;

    /// <summary>Everything that this flow changes from here on is changed by <paramref name="actor"/>.</summary>
    public static void Is(Actor actor) => Flowing.Value = actor;
}

/// <summary>What the log keeps beside each change.</summary>
/// <param name="Concerns">Domains of those whose objects the change was about when it was made; they read it in the audit.</param>
internal sealed record AuditStamp(Actor By, string[] Concerns);

/// <summary>JSON of the stamp.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditStamp))]
internal sealed partial class StampJson : JsonSerializerContext;
