using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Where commands have no order, one replica runs a command within the round that decides
/// about its key, perhaps several times; the last run counts, and only when the kernel says that it
/// has come about (design §3).</content>
internal sealed partial class Replica
{
    private MachineRuns? _runs;

    private bool IsOrdered => _options.Protocol.IsOrdered;

    // What a record and a frame can hold of a key.
    private int BucketBytesMax =>
        Math.Min(_host.Log.RecordBytesMax, _host.Transport.FrameBytesMax) - FrameOverhead;

    // Half of it is for the state that a machine makes, the other for the tables of its sessions.
    private int StateBytesMax => BucketBytesMax / 2;

    private MachineRuns NewRuns()
    {
        int version = _epoch?.Parameters.MachineVersion ?? _options.Machine.Version;
        IKeyedMachine machine = WholeRunner.KeyedOf(_options.Machine);
        return new MachineRuns(
            new MachineRunner(machine, version, _buffers.Output) { StateBytesMax = StateBytesMax });
    }

    private bool HasToRun => _runs?.Waiting > 0;

    private void Evaluate(in Effect effect) =>
        (_runs ??= NewRuns()).Wait(effect.Request, _buffers.Outbox.Bytes(effect));

    // As much as fits into a turn. One run may lead to the next one, of another command on the
    // state that this one has made.
    private void RunWaiting(Instant now)
    {
        if (_runs is not MachineRuns runs || !HasToRun)
            return;

        _pace.Began(_host.Now);
        while (runs.TryNext(out RequestId request, out KeyState state))
        {
            _pace.Did();
            Run(runs, request, state);
            runs.IsFollowing = true;
            TellEvaluated(now);
            runs.IsFollowing = false;
            if (_host.Now > _host.WorkUntil)
                break;
        }
    }

    private void Run(MachineRuns runs, RequestId request, in KeyState state)
    {
        bool isAsked = _pending.TryGet(request, out PendingRequest pending);
        if (!isAsked || _machineFailure is not null)
            return;

        FrameReader reader = new(pending.Query.Span);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        int start = runs.States.Length;
        try
        {
            KeyBucket bucket = KeyBucket.Of(state.State);
            runs.Results[request.Number] =
                runs.Runner.Apply(envelope, bucket.FindOrAdd(envelope.Key));
            bucket.WriteTo(runs.States);
            if (runs.States.Length - start > BucketBytesMax)
            {
                start = runs.States.Length;
                LeaveOut(runs, request, state);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            StopMachine($"command {envelope.Identity}", failure);
            return;
        }

        runs.Ran.Add((request, state.Key, state.Ballot, start..runs.States.Length));
    }

    // Results that nobody has acknowledged, or too many sessions. As with a command whose turn has
    // not come nothing changes and nothing is recorded; a client that acknowledges makes room.
    private static void LeaveOut(MachineRuns runs, RequestId request, in KeyState before)
    {
        runs.Results[request.Number] = new CommandResult(ResponseKind.TooLarge, default);
        runs.States.WriteBytes(before.State);
    }

    private void TellEvaluated(Instant now)
    {
        for (int next = 0; next < _runs?.Ran.Count; next++)
        {
            (RequestId request, ulong key, Ballot ballot, Range after) = _runs.Ran[next];
            KeyState state = new()
            {
                Key = key,
                Ballot = ballot,
                State = _runs.States.Written[after],
            };
            _kernel?.Evaluated(new Turn(now), request, state, Outbox);
            Perform(default);
        }

        _runs?.Told();
    }

    // What was learned before a fault is found in the bytes is right, and stays.
    private long Learn(ReadOnlySpan<byte> bytes)
    {
        long room = _tellRoom;
        LearnedKeys keys = new(bytes);
        while (keys.MoveNext())
        {
            bool isChanged = _store.Learn(keys);
            Counters.Applied = _store.Applied;
            if (!isChanged)
                continue;

            _host.Notices.Learned(_options.Id, keys.Key, keys.Version, keys.State);
            TellWatches(keys.Key, keys.Version);
        }

        return bytes.Length + room - _tellRoom;
    }

    private void AnswerDone(RequestId request)
    {
        CommandResult result = default;
        bool hasRun = _runs?.Results.TryGetValue(request.Number, out result) ?? false;
        if (!hasRun
            || !_pending.TryGet(request, out PendingRequest pending))
        {
            return;
        }

        FrameReader reader = new(pending.Query.Span);
        TellAhead(request, Envelope.ReadFrom(ref reader).Key);
        Answer(request, result.Kind, result.Bytes.Span);
    }
}
