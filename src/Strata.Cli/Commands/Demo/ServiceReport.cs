using System.Text.Json;
using System.Text.Json.Serialization;

namespace Strata.Cli.Commands.Demo;

/// <summary>The line <c>report {…}</c> that a sample service prints.</summary>
/// <param name="Service">Its codename.</param>
/// <param name="Libraries">Every library that it could import, with version.</param>
/// <param name="File">One library file, as the service sees it.</param>
/// <param name="Inode">That file's, as the service sees it.</param>
internal sealed record ServiceReport(string Service, string Python, Dictionary<string, string> Libraries, string File, ulong Inode)
{
    private const string Mark = "report ";

    /// <summary>The last whole report in each log file of <paramref name="logs"/>.</summary>
    public static IReadOnlyList<ServiceReport> Read(string logs) => !Directory.Exists(logs) ? [] :
    [
        .. Directory.EnumerateFiles(logs, "*.log").Order(StringComparer.Ordinal)
            .Select(file => System.IO.File.ReadLines(file).LastOrDefault(line => line.StartsWith(Mark, StringComparison.Ordinal) && line.EndsWith('}')))
            .OfType<string>()
            .Select(line => JsonSerializer.Deserialize(line[Mark.Length..], ServiceReportJson.Default.ServiceReport)!),
    ];
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ServiceReport))]
internal sealed partial class ServiceReportJson : JsonSerializerContext;
