using System.Globalization;

namespace Strata.Artifacts.Protocol;

/// <summary>A message of protocol v7 with its header.</summary>
/// <remarks>Source: facts on AosCore 9.1, section 2, "Envelope".</remarks>
/// <param name="Header">Who, when, which.</param>
/// <param name="Data">What.</param>
public sealed record Envelope(MessageHeader Header, Message Data);

/// <summary>The header of a message.</summary>
/// <param name="Version">Always 7.</param>
/// <param name="SystemId">The unit's, in both directions.</param>
/// <param name="CreatedAt">UTC, <c>YYYY-MM-DDThh:mm:ss.ffffffZ</c>.</param>
/// <param name="Txn">UUID; an ack carries the txn of what it acknowledges.</param>
public sealed record MessageHeader(int Version, string SystemId, string CreatedAt, string Txn)
{
    /// <summary>The version that this code speaks.</summary>
    public const int ProtocolVersion = 7;

    /// <summary>The time as a unit writes it.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What a message says. Types that Strata does not use arrive as <see cref="OtherMessage"/>, to be acknowledged.</summary>
public abstract record Message;

/// <summary>Acknowledges the message whose txn the header carries. Never acknowledged itself.</summary>
public sealed record Ack : Message;

/// <summary>Asks the unit to send the message again.</summary>
/// <param name="RetryAfter">Milliseconds.</param>
public sealed record Nack(int RetryAfter = 500) : Message;

/// <summary>A message type that is known by name only.</summary>
/// <param name="MessageType">As received, at most 64 characters.</param>
public sealed record OtherMessage(string MessageType) : Message;
