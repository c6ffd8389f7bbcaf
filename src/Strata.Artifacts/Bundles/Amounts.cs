using System.Globalization;
using System.Xml;
using Strata.Model.Bundles;
using Strata.Model.Identity;

namespace Strata.Artifacts.Bundles;

/// <summary>Reads how a configuration writes sizes, speeds, times and ports. A null result comes with the sentence to report.</summary>
/// <remarks>Source: facts on AosEdge, d.1 and d.2; ISO 8601-1, 5.5.2 for durations.</remarks>
internal static class Amounts
{
    private static readonly Dictionary<string, long> ByteUnits = new(StringComparer.Ordinal)
    {
        [""] = 1, ["B"] = 1,
        ["kB"] = 1_000, ["KB"] = 1_000, ["MB"] = 1_000_000, ["GB"] = 1_000_000_000, ["TB"] = 1_000_000_000_000,
        ["KiB"] = 1L << 10, ["MiB"] = 1L << 20, ["GiB"] = 1L << 30, ["TiB"] = 1L << 40,
    };

    private static readonly Dictionary<string, long> BitUnits = new(StringComparer.Ordinal)
    {
        [""] = 1, ["b"] = 1,
        ["kb"] = 1_000, ["Kb"] = 1_000, ["Mb"] = 1_000_000, ["Gb"] = 1_000_000_000,
        ["Kib"] = 1L << 10, ["Mib"] = 1L << 20, ["Gib"] = 1L << 30,
    };

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(36_500);

    /// <summary>Bytes: a whole number, or a number with a unit.</summary>
    public static (long? Value, string? Problem) Bytes(string text)
    {
        if (Number(text, ByteUnits) is { } bytes) return (bytes, null);
        return (null, $"'{Quote.Short(text)}' is no size; write bytes, or a number with kB, MB, GB (thousands) or KiB, MiB, GiB (of 1024), such as 128MiB.");
    }

    /// <summary>Bits a second: a whole number, or a number with a unit of bits, or of bytes, which are eight each.</summary>
    public static (long? Value, string? Problem) Speed(string text)
    {
        if (Number(text, BitUnits) is { } bits) return (bits, null);
        if (Number(text, ByteUnits) is { } bytes and <= long.MaxValue / 8) return (bytes * 8, null);
        return (null, $"'{Quote.Short(text)}' is no speed; write bits a second, or a number with kb, Mb, Gb (bits) or kB, MB (bytes), such as 10Mb.");
    }

    /// <summary>A duration of ISO 8601, not negative and at most a hundred years.</summary>
    public static (TimeSpan? Value, string? Problem) Time(string text)
    {
        try
        {
            if (text.StartsWith('P') && XmlConvert.ToTimeSpan(text) is var time && time >= TimeSpan.Zero && time <= LongestTime) return (time, null);
        }
        catch (Exception unreadable) when (unreadable is FormatException or OverflowException)
        {
            // Told below.
        }
        return (null, $"'{Quote.Short(text)}' is no duration; write it as ISO 8601 has it, such as PT30S, PT1H or P7D.");
    }

    /// <summary><c>8089</c>, <c>8089-8090</c>, either with <c>/tcp</c> or <c>/udp</c>.</summary>
    public static (PortRange? Value, string? Problem) Ports(string text)
    {
        var problem = $"'{Quote.Short(text)}' is no port; write one from 1 to 65535 or a range, with /tcp or /udp behind it, such as 7410-7449/udp.";
        var parts = text.Split('/');
        if (parts.Length > 2) return (null, problem);
        Transport? transport = parts.Length == 1 ? Transport.Tcp : parts[1] switch { "tcp" => Transport.Tcp, "udp" => Transport.Udp, _ => null };
        var ends = parts[0].Split('-');
        if (transport is null || ends.Length > 2 || Port(ends[0]) is not { } first || Port(ends[^1]) is not { } last || first > last) return (null, problem);
        return (new(first, last, transport.Value), null);
    }

    /// <summary><c>HOST/PORTS/tcp</c>.</summary>
    public static (AllowedConnection? Value, string? Problem) Connection(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || !IsHost(text[..slash]))
            return (null, $"'{Quote.Short(text)}' is no connection; write the other service's host name or id, its port and tcp or udp, such as broker.sp.example.com/1883/tcp.");
        var (ports, problem) = Ports(text[(slash + 1)..]);
        return ports is null ? (null, problem) : (new(text[..slash], ports), null);
    }

    /// <summary>Whether <paramref name="text"/> is a host name: labels of letters, digits and hyphens, at most 253 characters.</summary>
    public static bool IsHost(string text) => text.Length is > 0 and <= 253 && text.Split('.').All(label =>
        label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535 ? port : null;

    private static long? Number(string text, Dictionary<string, long> units)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!units.TryGetValue(text[digits..].TrimStart(' '), out var unit)) return null;
        if (!decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return null;
        try
        {
            var amount = number * unit;
            return amount == decimal.Truncate(amount) && amount <= long.MaxValue ? (long)amount : null;
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
