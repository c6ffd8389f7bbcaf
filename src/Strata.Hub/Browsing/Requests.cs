using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Strata.Artifacts.Json;
using Strata.Hub.Listeners;
using Strata.Model.Identity;

namespace Strata.Hub.Browsing;

/// <summary>Reading requests and answering with parts of lists.</summary>
internal static class Requests
{
    /// <summary>Rows of one part of a list, at most; also how many when <c>limit</c> is not said.</summary>
    public const int MostOnAPage = 100;

    /// <summary>The JSON body, or the refusal.</summary>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            NullElements.Refuse(document.RootElement);
            var body = document.RootElement.Deserialize(type);
            return body is null ? (null, Problems.Answer(StatusCodes.Status400BadRequest, "The body is null; a JSON object is expected.")) : (body, null);
        }
        catch (JsonException problem)
        {
            return (null, Problems.Answer(StatusCodes.Status400BadRequest, $"The body cannot be read: {problem.Message}"));
        }
        catch (BadHttpRequestException problem)
        {
            return (null, Problems.Answer(problem.StatusCode, $"The body cannot be read: {problem.Message}"));
        }
    }

    /// <summary>The part of a list that <c>limit</c> (at most 100) and <c>offset</c> ask for.</summary>
    public static IResult Page<TRow, T>(HttpContext context, IEnumerable<TRow> rows, Func<TRow, T> document, JsonTypeInfo<Page<T>> type)
    {
        var all = rows.ToList();
        var (offset, limit) = Part(context);
        return TypedResults.Json(new Page<T>([.. all.Skip(offset).Take(limit).Select(document)], all.Count, offset), type);
    }

    /// <summary>Whether <paramref name="text"/> holds what <c>search</c> asks for, in any case; without it, everything does.</summary>
    public static bool Finds(HttpContext context, params ReadOnlySpan<string?> text)
    {
        var search = context.Request.Query["search"].ToString();
        if (search.Length == 0) return true;
        foreach (var one in text)
            if (one?.Contains(search, StringComparison.OrdinalIgnoreCase) == true) return true;
        return false;
    }

    /// <summary>What <c>offset</c> and <c>limit</c> ask for, within bounds.</summary>
    public static (int Offset, int Limit) Part(HttpContext context) => (Number(context, "offset", 0, int.MaxValue), Number(context, "limit", MostOnAPage, MostOnAPage));

    /// <summary>What <paramref name="name"/> asks for, at most <paramref name="most"/>; anything but a number joins <paramref name="mistakes"/>.</summary>
    public static int Number(IQueryCollection query, string name, int @default, int most, List<string> mistakes)
    {
        var text = query[name].ToString();
        if (text.Length == 0) return @default;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return (int)Math.Min(number, most);
        mistakes.Add($"{name}: '{Quote.Short(text)}' is no number; 0 or more is expected.");
        return @default;
    }

    private static int Number(HttpContext context, string name, int @default, int most) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Math.Min(number, most) : @default;
}
