using System.Text;
using System.Text.Json;
using Strata.Artifacts.Protocol;
using Strata.Tests.Building;

namespace Strata.Tests.Agent;

/// <summary>Every message of one run of AosCore against a dummy cloud: what a real unit and its cloud say to each other.</summary>
public sealed class TraceTests
{
    [Fact]
    public void Every_message_that_a_cloud_sent_to_a_real_unit_is_understood()
    {
        var messages = Messages("cloud");

        Assert.DoesNotContain(messages, m => m is OtherMessage);
        Assert.Contains(messages, m => m is Ack);
        var desired = messages.OfType<DesiredStatus>().First();
        Assert.Equal(("svc1", "subj-cloud", 1), (desired.Instances[0].Item.Id, desired.Instances[0].Subject.Id, desired.Instances[0].NumInstances));
        Assert.Equal(2, desired.CertificateChains[0].Fingerprints.Length);
        var blob = messages.OfType<BlobUrls>().First();
        Assert.Equal(("oem", "RSA/SHA256/PKCS1v1_5"), (blob.Items[0].SignInfo!.ChainName, blob.Items[0].SignInfo!.Alg));
    }

    [Fact]
    public void Every_question_and_status_of_a_real_unit_is_understood()
    {
        var messages = Messages("unit");

        Assert.All(messages.OfType<RequestBlobUrls>(), m => Assert.Single(m.Digests));
        Assert.Contains(messages.OfType<UnitStatus>(), s => !s.IsDeltaInfo && s.Items!.Any(i => i.State == "installed"));
    }

    private static List<Message> Messages(string from) =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests/Strata.Tests/Agent/aoscore-trace.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(line => line.GetProperty("from").GetString() == from)
            .Select(line => EnvelopeCodec.Read(Encoding.UTF8.GetBytes(line.GetProperty("message").GetRawText())).Data),
    ];
}
