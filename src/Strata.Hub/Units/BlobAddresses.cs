using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Strata.Hub.Listeners;
using Strata.Model.Identity;

namespace Strata.Hub.Units;

/// <summary>Why an address of a blob is not good.</summary>
internal enum AddressFault
{
    /// <summary>It was not made here, or was changed.</summary>
    Forged,

    /// <summary>Its hour is over; the unit asks for another.</summary>
    Expired,
}

/// <summary>Addresses that let one unit download one blob for an hour, with no other credential.</summary>
internal sealed class BlobAddresses
{
    private const int KeyBytes = 32;
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private readonly byte[] _key;
    private readonly Doors _doors;
    private readonly TimeProvider _clock;

    /// <param name="keyFile">Made at the first start, readable by its owner alone.</param>
    public BlobAddresses(string keyFile, Doors doors, TimeProvider clock)
    {
        (_doors, _clock) = (doors, clock);
        if (!File.Exists(keyFile)) SecretFile.Write(keyFile, RandomNumberGenerator.GetBytes(KeyBytes));
        _key = File.ReadAllBytes(keyFile);
        if (_key.Length != KeyBytes) throw new InvalidDataException($"{keyFile} does not hold {KeyBytes} bytes. Remove it; a new one is made at the next start.");
    }

    /// <summary>The address for <paramref name="systemId"/>.</summary>
    public string For(Digest digest, string systemId)
    {
        var expires = (_clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"{_doors.Address(Listener.Blobs)}blobs/sha256/{digest.Hex}?unit={Uri.EscapeDataString(systemId)}&expires={expires}&sig={Sign(digest, systemId, expires)}";
    }

    /// <summary>Null when the address is good.</summary>
    public AddressFault? Judge(Digest digest, string systemId, string expires, string signature)
    {
        var expected = Encoding.ASCII.GetBytes(Sign(digest, systemId, expires));
        if (!CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature))) return AddressFault.Forged;
        return long.Parse(expires, CultureInfo.InvariantCulture) < _clock.GetUtcNow().ToUnixTimeSeconds() ? AddressFault.Expired : null;
    }

    private string Sign(Digest digest, string systemId, string expires) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{digest}\n{systemId}\n{expires}")));
}
