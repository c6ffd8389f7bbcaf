using System.Text.Json;

namespace Strata.Artifacts.Json;

/// <summary>Finds nulls in lists: the serializer refuses a null property, and lets a null element through.</summary>
public static class NullElements
{
    /// <summary>Refuses a document with a null in one of its lists.</summary>
    /// <exception cref="JsonException">There is one.</exception>
    public static void Refuse(JsonElement document)
    {
        switch (document.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var element in document.EnumerateArray())
                {
                    if (element.ValueKind == JsonValueKind.Null) throw new JsonException("A list holds null.");
                    Refuse(element);
                }
                break;
            case JsonValueKind.Object:
                foreach (var property in document.EnumerateObject()) Refuse(property.Value);
                break;
        }
    }
}
