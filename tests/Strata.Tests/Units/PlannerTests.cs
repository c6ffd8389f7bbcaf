using System.Security.Cryptography;
using CsCheck;
using Strata.Model.Identity;
using Strata.Model.Layers;
using Strata.Model.Units;

namespace Strata.Tests.Units;

public sealed class PlannerTests
{
    private static readonly Gen<EquatableList<ServiceInstance>> Instances = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[0, 5].List[1, 4],
        (item, version, layers) => Instance(item, version, layers)).List[0, 5].Select(all => all.DistinctBy(i => i.Id).ToEquatableList());

    [Fact]
    public void There_is_nothing_to_do_when_everything_runs_and_nothing_is_left_over() =>
        Instances.Sample(state => Assert.Empty(Planner.Plan(state, state, HeldBy(state))));

    [Fact]
    public void Applying_a_plan_reaches_the_desired_state() => Gen.Select(Instances, Instances).Sample((desired, actual) =>
    {
        var (running, held) = (actual.ToHashSet(), HeldBy(actual));
        foreach (var step in Planner.Plan(desired, actual, held))
        {
            switch (step)
            {
                case Step.Obtain obtain: Assert.True(held.Add(obtain.Layer.DiffId)); break;
                case Step.Stop stop: Assert.True(running.Remove(stop.Instance)); break;
                case Step.Start start:
                    Assert.All(start.Instance.Layers, layer => Assert.Contains(layer.DiffId, held));
                    Assert.True(running.Add(start.Instance));
                    break;
                case Step.Remove remove:
                    Assert.DoesNotContain(running.SelectMany(i => i.Layers), layer => layer.DiffId == remove.Layer);
                    Assert.True(held.Remove(remove.Layer));
                    break;
            }
        }
        Assert.Equal(desired.ToHashSet(), running);
        Assert.Equal(HeldBy(desired), held);
    });

    [Fact]
    public void Everything_is_obtained_before_anything_stops() => Gen.Select(Instances, Instances).Sample((desired, actual) =>
    {
        var plan = Planner.Plan(desired, actual, HeldBy(actual)).ToList();
        var firstStop = plan.FindIndex(s => s is Step.Stop);
        if (firstStop >= 0) Assert.DoesNotContain(plan.Skip(firstStop), s => s is Step.Obtain);
    });

    private static HashSet<DiffId> HeldBy(IEnumerable<ServiceInstance> instances) => [.. instances.SelectMany(i => i.Layers).Select(l => l.DiffId)];

    private static ServiceInstance Instance(int item, int version, IEnumerable<int> layers) => new(
        new($"svc{item}", "subject", 0),
        $"1.0.{version}",
        layers.Distinct().Select(n =>
        {
            var hash = SHA256.HashData([(byte)n]);
            return new LayerBlob(Digest.FromHash(hash), DiffId.FromHash(hash), 10, MediaTypes.LayerGzip);
        }).ToEquatableList(),
        new(["/bin/true"], [], "/"));
}
