using System.Text;
using System.Text.Json;
using Strata.Artifacts.Protocol;

namespace Strata.Tests.Artifacts.Protocol;

public sealed class EnvelopeCodecTests
{
    private static readonly MessageHeader Header = new(7, "unit-1", "2026-08-19T12:00:00.123456Z", "62853b00-ae80-4299-b182-eec933eaf651");

    [Fact]
    public void A_message_is_the_bytes_that_a_unit_sends() => Assert.Equal(
        """{"header":{"version":7,"systemId":"unit-1","createdAt":"2026-08-19T12:00:00.123456Z","txn":"62853b00-ae80-4299-b182-eec933eaf651"},"data":{"messageType":"requestBlobUrls","correlationId":"c1","digests":["sha256:00"]}}""",
        Encoding.UTF8.GetString(EnvelopeCodec.Write(new(Header, new RequestBlobUrls("c1", ["sha256:00"])))));

    [Fact]
    public void An_acknowledgement_carries_its_type_alone() => Assert.EndsWith(
        ""","data":{"messageType":"ack"}}""", Encoding.UTF8.GetString(EnvelopeCodec.Write(new(Header, new Ack()))), StringComparison.Ordinal);

    [Fact]
    public void A_full_status_of_a_real_unit_is_read()
    {
        var status = Assert.IsType<UnitStatus>(Read(
            """
            {"messageType":"unitStatus","isDeltaInfo":false,"unitConfig":[{"state":"absent"}],"nodes":[{"identity":{"codename":"main"},
            "nodeGroupSubject":{"codename":"aos-core-main"},"maxDmips":10000,"totalRam":25276510208,"osInfo":{"os":"linux"},"cpus":[{"modelName":"x",
            "totalNumCores":2,"totalNumThreads":2,"archInfo":{"architecture":"amd64"}}],"attrs":{"MainNode":""},"partitions":[{"name":"aos","path":"/var/aos",
            "types":["services"],"totalSize":270553174016}],"state":"provisioned","isConnected":false}],"items":[{"item":{"id":"svc1","type":"service"},
            "version":"1.0.0","state":"failed","errorInfo":{"aosCode":10,"exitCode":0,"message":"checksum"}}],"instances":[{"item":{"id":"svc1","type":"service"},
            "subject":{"id":"s"},"version":"1.0.0","instances":[{"node":{"codename":"main"},"runtime":{"codename":"r"},"instance":0,"state":"active"}]}],"subjects":[]}
            """));
        Assert.Equal("amd64", status.Nodes![0].Cpus![0].ArchInfo.Architecture);
        Assert.Equal(10, status.Items![0].ErrorInfo!.AosCode);
        Assert.Equal("active", status.Instances![0].Instances[0].State);
    }

    [Fact]
    public void Keys_are_matched_in_any_case_and_unknown_fields_passed_over()
    {
        var request = Assert.IsType<RequestBlobUrls>(Read("""{"MESSAGETYPE":"requestBlobUrls","CorrelationID":"c","digests":["d"],"more":{"x":[1]}}"""));
        Assert.Equal("c", request.CorrelationId);
    }

    [Fact]
    public void A_list_that_a_desired_state_leaves_out_is_empty()
    {
        var desired = Assert.IsType<DesiredStatus>(Read("""{"messageType":"desiredStatus","subjects":null,"items":[{"item":{"id":"a","type":"service"},"version":"1","owner":{"id":"o"},"indexDigest":"d"}]}"""));
        Assert.Single(desired.Items);
        Assert.Empty(desired.Instances);
        Assert.Empty(desired.Subjects);
    }

    [Fact]
    public void A_type_that_is_not_used_is_still_a_message_to_acknowledge() =>
        Assert.Equal("monitoringData", Assert.IsType<OtherMessage>(Read("""{"messageType":"monitoringData","nodes":[]}""")).MessageType);

    [Theory]
    [InlineData("""{"messageType":"requestBlobUrls","correlationId":"c"}""")]
    [InlineData("""{"messageType":"requestBlobUrls","correlationId":null,"digests":[]}""")]
    [InlineData("""{"messageType":"unitStatus"}""")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_message_that_lacks_what_it_must_have_is_refused(string data) => Assert.ThrowsAny<JsonException>(() => Read(data));

    [Fact]
    public void Another_protocol_version_is_refused_by_its_number()
    {
        var refused = Assert.Throws<JsonException>(() => EnvelopeCodec.Read(
            """{"header":{"version":6,"systemId":"u","createdAt":"","txn":"t"},"data":{"messageType":"ack"}}"""u8));
        Assert.Contains("version 6", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"header":null,"data":{"messageType":"ack"}}""")]
    [InlineData("""{"header":{"version":7,"systemId":"u","createdAt":"","txn":"t"},"data":null}""")]
    [InlineData("""{"header":{"version":7,"systemId":"u","createdAt":"","txn":"t"},"data":{"messageType":7}}""")]
    [InlineData("""{"header":{"version":7,"systemId":"u","createdAt":"","txn":"t"},"data":{"messageType":"\ud800"}}""")]
    [InlineData("""{"header":{"version":7,"systemId":"u","createdAt":"","txn":"t"},"data":{"messageType":"blobUrls","correlationId":"c","items":[null]}}""")]
    [InlineData("""{"header":{"version":7,"systemId":"u","createdAt":"","txn":"t"},"data":{"messageType":"unitStatus","isDeltaInfo":false,"items":[null]}}""")]
    public void What_is_null_or_no_text_is_refused_like_any_other_broken_message(string frame) =>
        Assert.Throws<JsonException>(() => EnvelopeCodec.Read(Encoding.UTF8.GetBytes(frame)));

    private static Message Read(string data) => EnvelopeCodec.Read(Encoding.UTF8.GetBytes(
        $$"""{"header":{"version":7,"systemId":"unit-1","createdAt":"2026-08-19T12:00:00Z","txn":"t"},"data":{{data}}}""")).Data;
}
