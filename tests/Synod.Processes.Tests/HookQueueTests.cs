using Microsoft.Extensions.Logging.Abstractions;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

public sealed class HookQueueTests
{
    private static readonly GroupId Group = new(3);
    private static readonly CommandIdentity Identity = new(new SessionId(0, 1), 2, 1);

    [Fact]
    [Feature("B27")]
    public void Commands_and_queries_are_told_as_typed_values()
    {
        Listening hook = new();
        using HookQueue queue = NewQueue(hook);

        Commit(queue, 5);
        queue.Committed(Envelope(6), "too much"u8, isRefused: true, isRestored: true);
        queue.Answered(Query(), BitConverter.GetBytes(5L), isRefused: false);
        queue.Elected(default, 7);
        queue.Restored(default, 8);
        hook.WaitFor(5);

        Assert.Equal(
            [
                "g3 k Add { Amount = 5 } = 5, , False",
                "g3 k Add { Amount = 6 } = , too much, True",
                "g3 k GetValue { } = 5",
                "elected g3 7",
                "restored g3 8",
            ],
            hook.Told);
    }

    [Fact]
    [Feature("B27")]
    public void A_hook_that_throws_is_called_again()
    {
        Listening hook = new() { Throws = true };
        using HookQueue queue = NewQueue(hook);

        Commit(queue, 1);
        Commit(queue, 2);
        hook.WaitFor(2);
        Assert.True(SpinWait.SpinUntil(() => queue.Failed == 2, Soon.Limit));

        Assert.Equal(0, queue.Dropped);
    }

    [Fact]
    [Feature("B27")]
    public void A_hook_that_hangs_delays_nobody_and_costs_no_more_than_its_queue()
    {
        using ManualResetEventSlim gate = new();
        Listening hook = new() { Gate = gate };
        using HookQueue queue = NewQueue(hook);

        for (int command = 0; command < 10_000; command++)
        {
            Commit(queue, command);
            Assert.InRange(queue.Bytes, 1, QueueBytes);
        }

        long dropped = queue.Dropped;
        gate.Set();
        hook.WaitFor(10_000 - (int)dropped);
        Assert.True(SpinWait.SpinUntil(() => queue.Bytes == 0, Soon.Limit));
        Commit(queue, 10_001);
        hook.WaitFor(10_001 - (int)dropped);

        Assert.InRange(dropped, 9_500, 9_900);
        Assert.Equal(dropped, queue.Dropped);
    }

    private const int QueueBytes = 64 << 10;

    private static HookQueue NewQueue(ILeaderHook hook) => new(
        Group, hook, new Counter(), new HookSettings(QueueBytes, NullLogger.Instance));

    private static void Commit(HookQueue queue, long amount) => queue.Committed(
        Envelope(amount), BitConverter.GetBytes(amount), isRefused: false, isRestored: false);

    private static Envelope Envelope(long amount)
    {
        FrameBuffer command = new();
        new Counter().Encode(new Add(amount), command);
        return new Envelope
        {
            Identity = Identity,
            Acknowledged = 0,
            Key = "k"u8,
            Command = command.Written,
        };
    }

    private static byte[] Query()
    {
        FrameBuffer query = new();
        query.WriteSized("k"u8);
        new Counter().Encode(new GetValue(), query);
        return query.Written.ToArray();
    }

    private sealed class Listening : ILeaderHook
    {
        private readonly List<string> _told = [];

        public bool Throws { get; init; }

        public ManualResetEventSlim? Gate { get; init; }

        public string[] Told
        {
            get
            {
                lock (_told)
                    return [.. _told];
            }
        }

        public void WaitFor(int calls)
        {
            lock (_told)
            {
                while (_told.Count < calls)
                {
                    Assert.True(
                        Monitor.Wait(_told, Soon.Limit), $"{_told.Count} of {calls} calls came");
                }
            }
        }

        public void Committed(CommittedCommand command) => Tell(
            $"{command.Group} {command.Key} {command.Command} = {command.Result}, "
            + $"{command.Refusal}, {command.IsRestored}");

        public void Answered(AnsweredQuery query) =>
            Tell($"{query.Group} {query.Key} {query.Query} = {query.Answer}");

        public void Elected(LeaderTerm term) => Tell($"elected {term.Group} {term.Term}");

        public void Restored(LeaderTerm term) => Tell($"restored {term.Group} {term.Term}");

        private void Tell(string line)
        {
            Gate?.Wait();
            lock (_told)
            {
                _told.Add(line);
                Monitor.PulseAll(_told);
            }

            if (Throws)
                throw new InvalidOperationException("The hook has a bug.");
        }
    }
}
