using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups.Leaders;

/// <summary>Reads of followers, in the batches of which their leader is asked.</summary>
public sealed class ReadBatchesTests
{
    private static readonly Instant Late = new(1_000);

    private readonly ReadBatches _batches = new();

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void A_batch_that_is_refused_does_not_wait_for_one_before_it_that_was_answered()
    {
        Ask(1, reads: [11, 12]);
        Ask(2, reads: [21, 22, 23]);
        Ask(3, reads: [31]);
        Ask(4, reads: [41]);
        _batches.Add(new RequestId(50));
        _batches.Answered(1, new LogIndex(9));

        Assert.Equal([21, 22, 23, 31], Refused(through: 3));
        Assert.False(_batches.TryRelease(new LogIndex(8), out _));
        Assert.Equal([11, 12], Released(9));
        Assert.Equal([41], Refused(through: 4));
        Assert.Equal(1, _batches.Count);
        Assert.True(_batches.TryBegin(5, Late));
        _batches.Answered(5, new LogIndex(9));
        Assert.Equal([50], Released(9));
    }

    [Fact]
    [Rule(LeaderRules.ReadsAreBounded)]
    public void What_was_answered_is_not_refused_by_a_later_batch()
    {
        Ask(1, reads: [11]);
        Ask(2, reads: [21]);
        _batches.Answered(2, new LogIndex(9));

        Assert.Empty(Refused(through: 2));
        Assert.Equal([11, 21], Released(9));
    }

    private void Ask(long number, params long[] reads)
    {
        foreach (long read in reads)
            _batches.Add(new RequestId(read));
        Assert.True(_batches.TryBegin(number, Late));
    }

    private List<long> Refused(long through)
    {
        List<long> refused = [];
        while (_batches.TryRefuse(through, out RequestId request))
            refused.Add(request.Number);
        return refused;
    }

    private List<long> Released(long delivered)
    {
        List<long> released = [];
        while (_batches.TryRelease(new LogIndex(delivered), out RequestId request))
            released.Add(request.Number);
        return released;
    }
}
