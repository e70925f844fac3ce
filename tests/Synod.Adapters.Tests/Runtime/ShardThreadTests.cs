using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Storage;

namespace Synod.Adapters.Tests.Runtime;

public sealed class ShardThreadTests : IDisposable
{
    private readonly MemoryLog _log = new(new MemoryLogOptions(), static () => { });

    [Fact]
    public async Task It_waits_for_news_while_the_shard_is_started_elsewhere_and_takes_no_turn()
    {
        WatchedWait wait = new();
        using ShardThread pump = new(TimeProvider.System, wait);
        bool wasHeard = false;
        Shard shard = NewShard(pump, () => wasHeard = wait.WakeAndSeeWhetherHeard());

        pump.Start(shard);

        Assert.True(wasHeard);
        Assert.False(pump.Ended.IsCompleted);
        await pump.RetireAsync(TimeSpan.Zero);
        Assert.True(pump.Ended.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task It_ends_when_the_shard_cannot_be_started()
    {
        using ShardThread pump = new(TimeProvider.System);
        Shard shard = NewShard(pump, static () => throw new LogException("The log is gone."));

        Assert.Throws<LogException>(() => pump.Start(shard));

        await pump.Ended.WaitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _log.Dispose();

    private Shard NewShard(ShardThread pump, Action starting)
    {
        NodeOptions node = new()
        {
            Cluster = new ClusterId(1),
            Identity = new PeerIdentity(
                new MemberIdentity(new NodeId(1), new Incarnation(1)), new Boot(1)),
            Seed = 1,
        };
        ShardInbox inbox = new(node.InboxBytesMax, pump.Signal);
        return new Shard(
            node, new ShardPorts(_log, new StartedTransport(starting), inbox, new Notices()));
    }

    // Calls back when it is flushed for the first time, which is within the start of a shard.
    private sealed class StartedTransport(Action starting) : ITransport
    {
        private Action _flushed = starting;

        public int FrameBytesMax => 1 << 20;

        public void Send(NodeId peer, ReadOnlySpan<byte> frame)
        {
        }

        public void Send(NodeId peer, GroupId group, ReadOnlySpan<byte> frame)
        {
        }

        public void Reply(ConnectionId client, ReadOnlySpan<byte> frame)
        {
        }

        public void Flush() => Interlocked.Exchange(ref _flushed, static () => { })();
    }

    private sealed class WatchedWait : INewsWait
    {
        private readonly EventWait _news = new();
        private readonly EventWait _waited = new();
        private volatile bool _wasWoken;

        public void Wait(TimeSpan timeout)
        {
            _news.Wait(timeout);
            _wasWoken = true;
            _waited.Wake();
        }

        public void Wake() => _news.Wake();

        public bool WakeAndSeeWhetherHeard()
        {
            Wake();
            _waited.Wait(TimeSpan.FromSeconds(60));
            return _wasWoken;
        }
    }
}
