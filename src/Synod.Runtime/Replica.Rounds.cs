using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Where commands have no order, one replica runs a command within the round that decides
/// about its key, perhaps several times; the last run counts, and only when the kernel says that it
/// has come about (design §3).</content>
internal sealed partial class Replica
{
    private readonly Dictionary<long, CommandResult> _results = [];
    private readonly List<(RequestId Request, ulong Key, Ballot Ballot, Range State)> _ran = [];
    private readonly FrameBuffer _ranStates = new();
    private MachineRunner _runner;

    private bool IsOrdered => _options.Protocol.IsOrdered;

    // What a record and a frame can hold of a key.
    private int BucketBytesMax =>
        Math.Min(_host.Log.RecordBytesMax, _host.Transport.FrameBytesMax) - FrameOverhead;

    // Half of it is for the state that a machine makes, the other for the tables of its sessions.
    private int StateBytesMax => BucketBytesMax / 2;

    private MachineRunner NewRunner(int version) =>
        new(WholeRunner.KeyedOf(_options.Machine), version) { StateBytesMax = StateBytesMax };

    // The machine is a function, so it may run while effects are performed.
    private void Evaluate(in Effect effect)
    {
        bool isAsked = _pending.TryGetValue(effect.Request.Number, out PendingRequest pending);
        if (!isAsked || _machineFailure is not null)
            return;

        KeyState state = KeyState.Of(_outbox.Bytes(effect));
        FrameReader reader = new(pending.Query.Span);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        int start = _ranStates.Length;
        try
        {
            KeyBucket bucket = KeyBucket.Of(state.State);
            _results[effect.Request.Number] =
                _runner.Apply(envelope, bucket.FindOrAdd(envelope.Key));
            bucket.WriteTo(_ranStates);
            if (_ranStates.Length - start > BucketBytesMax)
            {
                start = _ranStates.Length;
                LeaveOut(effect.Request, state);
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            StopMachine($"command {envelope.Identity}", failure);
            return;
        }

        _ran.Add((effect.Request, state.Key, state.Ballot, start.._ranStates.Length));
    }

    // Results that nobody has acknowledged, or too many sessions. As with a command whose turn has
    // not come nothing changes and nothing is recorded; a client that acknowledges makes room.
    private void LeaveOut(RequestId request, in KeyState before)
    {
        _results[request.Number] = new CommandResult(ResponseKind.TooLarge, default);
        _ranStates.WriteBytes(before.State);
    }

    // One run may lead to the next one, of another command on the state that this one has made.
    private void TellEvaluated(Instant now)
    {
        for (int next = 0; next < _ran.Count; next++)
        {
            (RequestId request, ulong key, Ballot ballot, Range after) = _ran[next];
            KeyState state = new()
            {
                Key = key,
                Ballot = ballot,
                State = _ranStates.Written[after],
            };
            _kernel?.Evaluated(new Turn(now), request, state, _outbox);
            Perform(default);
        }

        _ran.Clear();
        _ranStates.Clear();
    }

    private long Learn(ReadOnlySpan<byte> bytes)
    {
        long room = _tellRoom;
        foreach ((byte[] key, KeyEntry entry) in KeyBucket.Of(bytes).Entries)
        {
            bool isChanged = _store.Learn(key, entry);
            Counters.Applied = _store.Applied;
            if (!isChanged)
                continue;

            _host.Notices.Learned(_options.Id, key, entry.Version, entry.State);
            TellWatches(key, entry.Version);
        }

        return bytes.Length + room - _tellRoom;
    }

    private void AnswerDone(RequestId request)
    {
        if (!_results.TryGetValue(request.Number, out CommandResult result)
            || !_pending.TryGetValue(request.Number, out PendingRequest pending))
        {
            return;
        }

        FrameReader reader = new(pending.Query.Span);
        TellAhead(request, Envelope.ReadFrom(ref reader).Key);
        Answer(request, result.Kind, result.Bytes.Span);
    }
}
