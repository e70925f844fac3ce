using Synod.EPaxos;
using Synod.Kernel;
using static Synod.Protocols.Tests.EPaxos.EPaxosFrames;
using static Synod.Protocols.Tests.EPaxos.EPaxosScenes;

namespace Synod.Protocols.Tests.EPaxos.Paper;

/// <summary>Several recoveries of one member.</summary>
public class RecoveryOfManyTests
{
    private static readonly (EPaxosCover, EPaxosCover) Agreeing = (default, default);

    // Of eight the quorums of two recoveries can differ so much that both wait: n − f − e is 2, and
    // three agree with each owner, so that neither was committed at once. Nobody else tells the
    // recoverer that it waits.
    [Fact]
    [Rule(EPaxosRules.WaitingEndsCycles)]
    public void Own_recoveries_that_wait_for_each_other_give_way()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 8);
        recoverer.Receive(7, PreAccept(Id(7, 1), "a"));
        Validate(recoverer, Id(6, 1), agreeing: [1, 2, 3], others: [4]);
        Assert.Equal([Id(6, 1)], recoverer.Kernel.Waits.Select(static one => one.Id));

        string[] lines = Validate(recoverer, Id(7, 1), agreeing: [4, 5], others: [1, 2]);
        Says(lines, "Waiting m7.1 3");
        Says(lines, "persist", "accepted m6.1 b1.m0 NoOp");
        Says(lines, "persist", "accepted m7.1 b1.m0 NoOp");
        Assert.Empty(recoverer.Kernel.Waits);
    }

    [Fact]
    [Rule(EPaxosRules.StorageReserve)]
    public void A_full_disk_recovers_one_instance_after_the_other()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 3);
        for (int slot = 1; slot <= 5; slot++)
            recoverer.Receive(2, PreAccept(Id(2, slot), "a"));
        recoverer.Pressure(StoragePressure.Full);
        recoverer.PeerDown(2);
        string first = Assert.Single(Promises(recoverer, wakes: 10));

        long under = first["persist r6 promised m2.".Length] - '0';
        recoverer.Receive(1, Commit(Id(2, under), "a"));
        Assert.Single(Promises(recoverer, wakes: 10));
        recoverer.Pressure(StoragePressure.None);
        Assert.Equal(3, Promises(recoverer, wakes: 10).Length);
    }

    // One that does not come to an end must not keep the others from theirs for ever.
    [Fact]
    [Rule(EPaxosRules.StorageReserve)]
    public void A_full_disk_goes_on_to_the_next_recovery_when_one_is_stuck()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 3);
        recoverer.Receive(2, PreAccept(Id(2, 1), "a"));
        recoverer.Receive(2, PreAccept(Id(2, 2), "a"));
        recoverer.Pressure(StoragePressure.Full);
        recoverer.PeerDown(2);

        Assert.Equal(2, Promises(recoverer, wakes: 100).Length);
    }

    // Nor must two that were outbid keep each other from trying again.
    [Fact]
    [Rule(EPaxosRules.StorageReserve)]
    public void A_full_disk_begins_again_with_one_of_two_recoveries_that_were_outbid()
    {
        EPaxosMember recoverer = EPaxosMember.Of(0, 3);
        recoverer.Receive(2, PreAccept(Id(2, 1), "a"));
        recoverer.Receive(2, PreAccept(Id(2, 2), "a"));
        recoverer.PeerDown(2);
        Assert.Equal(2, Promises(recoverer, wakes: 2).Length);
        recoverer.Receive(1, Recover(Id(2, 1), B(5, 1)));
        recoverer.Receive(1, Recover(Id(2, 2), B(5, 1)));
        recoverer.Persisted();
        recoverer.Pressure(StoragePressure.Full);

        Assert.Single(Promises(recoverer, wakes: 6));
    }

    private static string[] Promises(EPaxosMember recoverer, int wakes)
    {
        List<string> lines = [];
        for (int wake = 0; wake < wakes; wake++)
        {
            lines.AddRange(recoverer.WakeWhenDue());
            lines.AddRange(recoverer.Persisted());
        }

        return [.. lines.Where(static line => line[..7] == "persist")];
    }

    private static string[] Validate(
        EPaxosMember recoverer, InstanceId id, int[] agreeing, int[] others)
    {
        Recover(recoverer, id);
        foreach (int member in agreeing)
            recoverer.Receive(member, PreAccepted(id, B(1, 0), "a", Agreeing));
        foreach (int member in others)
            recoverer.Receive(member, Blank(id, B(1, 0)));
        recoverer.Persisted();
        return [.. agreeing.Concat(others).SelectMany(
            member => recoverer.Receive(member, ValidateOk(id, B(1, 0))))];
    }
}
