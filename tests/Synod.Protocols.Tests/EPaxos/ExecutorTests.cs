using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>The order of execution (protocols §1.5c).</summary>
public class ExecutorTests
{
    private readonly EPaxosState _state = new(5);
    private readonly EPaxosExecutor _executor;
    private long _record;

    public ExecutorTests() => _executor = new EPaxosExecutor(_state);

    [Fact]
    [Feature("A20")]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    public void What_is_depended_on_goes_first_and_what_is_missing_is_named_once()
    {
        Commit(Id(0, 2), Cover(1, 1));
        Commit(Id(0, 1), Cover());
        Assert.Equal(["m0.1"], Executed());
        Assert.Equal([Id(0, 1), Id(1, 1)], _executor.Missed);

        Commit(Id(1, 1), Cover(1));
        Assert.Equal(["m1.1", "m0.2"], Executed());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [Feature("A20")]
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    public void A_cycle_is_executed_once_by_owner_and_slot(int size)
    {
        for (int owner = size - 1; owner >= 0; owner--)
        {
            long[] next = new long[5];
            next[(owner + 1) % size] = 1;
            Commit(Id(owner, 1), Cover(next));
        }

        Assert.Equal(Enumerable.Range(0, size).Select(owner => $"m{owner}.1"), Executed());
    }

    [Fact]
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    public void A_cycle_goes_behind_what_it_depends_on_and_before_what_depends_on_it()
    {
        Commit(Id(2, 1), Cover(1, 1));
        Commit(Id(1, 1), Cover(1, 0, 0, 1));
        Commit(Id(0, 1), Cover(0, 1));
        Assert.Empty(Executed());

        Commit(Id(3, 1), Cover());
        Assert.Equal(["m3.1", "m0.1", "m1.1", "m2.1"], Executed());
    }

    [Fact]
    [Rule(EPaxosRules.CommitIsDurable)]
    public void A_cycle_waits_for_the_newest_of_its_records()
    {
        Commit(Id(1, 1), Cover(1));
        Commit(Id(0, 1), Cover(0, 1));

        Assert.All(_executor.Ready, ready => Assert.Equal(new RecordNumber(2), ready.Gate));
    }

    [Fact]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    public void What_is_covered_and_does_not_conflict_is_not_waited_for()
    {
        PreAccept(Id(1, 1), L);
        Commit(Id(0, 1), Cover(0, 2));
        Assert.Empty(Executed());

        PreAccept(Id(1, 2), L);
        _executor.Learned(Id(1, 2));
        Assert.Equal(["m0.1"], Executed());
    }

    // B11: what a no-op stands in the place of covered others, and those stay covered.
    [Fact]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    public void A_no_op_in_a_chain_cuts_nothing()
    {
        Commit(Id(0, 3), Cover(2));
        CommitNoOp(Id(0, 2));
        Assert.Equal(["m0.2"], Executed());

        Commit(Id(0, 1), Cover());
        Assert.Equal(["m0.1", "m0.3"], Executed());
    }

    // B10: nothing waits on a stack, and what waits is not looked at again and again: whatever the
    // order in which a chain becomes known, a few dependencies are looked at for each command.
    [Theory]
    [InlineData("from its begin")]
    [InlineData("from its end")]
    [InlineData("one owner after the other")]
    [InlineData("from the middle")]
    [InlineData("at random")]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    public void A_chain_of_a_hundred_thousand_is_executed_in_linear_time(string known)
    {
        const int Length = 100_000;
        foreach (int place in Order(known, Length))
            Commit(Id(place % 2, (place / 2) + 1), Cover((place + 1) / 2, place / 2));

        IEnumerable<string> order = Enumerable.Range(0, Length)
            .Select(static place => $"m{place % 2}.{(place / 2) + 1}");
        Assert.Equal(order, Executed());
        Assert.InRange(_executor.Steps, 0, 20 * Length);
    }

    private static IEnumerable<int> Order(string known, int length)
    {
        int[] places = [.. Enumerable.Range(0, length)];
        switch (known)
        {
            case "from its end":
                Array.Reverse(places);
                break;
            case "one owner after the other":
                return places.OrderBy(static place => place % 2);
            case "from the middle":
                return places.OrderBy(place => (place + (length / 2)) % length);
            case "at random":
                SeededRandom random = new(1);
                for (int place = length - 1; place > 0; place--)
                {
                    int other = (int)random.Below(place + 1);
                    (places[place], places[other]) = (places[other], places[place]);
                }

                break;
        }

        return places;
    }

    [Fact]
    [Rule(EPaxosRules.ExecutionNeverBlocks)]
    public void A_long_path_is_a_cycle_and_is_executed_without_recursion()
    {
        const int Length = 150;
        for (int slot = 1; slot <= Length; slot++)
        {
            Commit(Id(0, slot), Cover(0, slot));
            if (slot < Length)
                Commit(Id(1, slot), Cover(slot + 1));
        }

        Assert.Empty(Executed());
        Commit(Id(1, Length), Cover());
        IEnumerable<string> cycle = Enumerable.Range(1, Length).Select(static slot => $"m0.{slot}")
            .Concat(Enumerable.Range(1, Length - 1).Select(static slot => $"m1.{slot}"));
        Assert.Equal([$"m1.{Length}", .. cycle], Executed());
    }

    // Whatever the order in which decisions come, those that conflict are executed in one order.
    [Fact]
    [Feature("A20")]
    [Rule(EPaxosRules.CyclesByOwnerAndSlot)]
    public void The_order_of_decisions_does_not_matter() => Seeds.ForEach(200, static random =>
    {
        (InstanceId Id, EPaxosCover Dep)[] graph = [.. Graph(random)];
        List<string> first = OrderOf(graph);
        for (int place = graph.Length - 1; place > 0; place--)
        {
            int other = (int)random.Below(place + 1);
            (graph[place], graph[other]) = (graph[other], graph[place]);
        }

        Assert.Equal(40, first.Count);
        Assert.Equal(first, OrderOf(graph));
    });

    // As the protocol makes them: of two, one covers the other.
    private static IEnumerable<(InstanceId Id, EPaxosCover Dep)> Graph(SeededRandom random)
    {
        long[] slots = new long[4];
        for (int count = 0; count < 40; count++)
        {
            int owner = (int)random.Below(4);
            long[] dep = [.. slots];
            for (int other = 0; other < 4; other++)
                dep[other] += random.Chance(1, 4) ? random.Below(3) : 0;
            slots[owner]++;
            dep = [.. dep.Select(static slot => Math.Min(slot, 10))];
            if (slots[owner] <= 10)
                yield return (Id(owner, slots[owner]), Cover(dep));
        }

        for (int owner = 0; owner < 4; owner++)
        {
            for (long slot = Math.Min(slots[owner], 10) + 1; slot <= 10; slot++)
                yield return (Id(owner, slot), Cover(10, 10, 10, 10));
        }
    }

    private static List<string> OrderOf((InstanceId Id, EPaxosCover Dep)[] graph)
    {
        ExecutorTests one = new();
        foreach ((InstanceId id, EPaxosCover dep) in graph)
            one.Commit(id, dep);
        return one.Executed();
    }

    private void Commit(InstanceId id, EPaxosCover dep) => _executor.Committed(Take(
        EPaxosKind.CommittedRecord, id, (new EPaxosValue(EPaxosValueKind.Command, K), dep)));

    private void CommitNoOp(InstanceId id) => _executor.Committed(
        Take(EPaxosKind.CommittedRecord, id, (EPaxosValue.NoOp, default)));

    private void PreAccept(InstanceId id, Footprint footprint) => Take(
        EPaxosKind.PreAcceptedRecord,
        id,
        (new EPaxosValue(EPaxosValueKind.Command, footprint), default));

    private EPaxosInstance Take(
        EPaxosKind kind, InstanceId id, (EPaxosValue Value, EPaxosCover Dep) what) => _state.Take(
        new InstanceRecord { Kind = kind, Id = id, Value = what.Value, Dep = what.Dep },
        new RecordNumber(++_record),
        default);

    private List<string> Executed()
    {
        List<string> executed = [.. _executor.Ready.Select(static one => $"{one.Instance.Id}")];
        _executor.Ready.Clear();
        return executed;
    }
}
