using Synod.Kernel;

namespace Synod.Register;

/// <summary>A new life from what is on the disk, and from nothing else; and a damaged
/// one.</summary>
internal sealed partial class RegisterReplica
{
    private const int ToldBytesMax = 256 << 10;

    private readonly Queue<ulong> _toTell = [];
    private readonly HashSet<ulong> _begun = [];
    private RecordNumber _reservation;
    private long _floor;
    private bool _isFirstLife;
    private bool _hasLost;

    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        RegisterKind kind = RegisterCodec.ReadRecordHead(ref reader);
        if (kind == RegisterKind.StateRecord)
        {
            StateRecord state = StateRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(state);
            return reader.IsComplete;
        }

        return TryTake(number, kind, ref reader);
    }

    // What the acceptor of a key has written.
    private bool TryTake(RecordNumber number, RegisterKind kind, ref FrameReader reader)
    {
        if (kind == RegisterKind.AcceptedRecord)
        {
            AcceptedRecord accepted = AcceptedRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(accepted, number);
        }
        else if (kind == RegisterKind.PromisedRecord)
        {
            PromisedRecord promised = PromisedRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(promised, number);
        }
        else if (kind == RegisterKind.ChosenRecord)
        {
            ChosenRecord chosen = ChosenRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(chosen);
        }
        else if (kind == RegisterKind.KeyRecord)
        {
            KeyRecord held = KeyRecord.ReadFrom(ref reader);
            if (reader.IsComplete)
                _state.Take(held, number);
        }
        else
        {
            return false;
        }

        return reader.IsComplete;
    }

    [Rule(RegisterRules.DamagedIsSilent)]
    public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement) =>
        _hasLost = true;

    // No ballot of a former life is used again, also not that which an owner has without asking.
    [Rule(RegisterRules.RoundsAreReserved)]
    [Rule(RegisterRules.FirstBallotIsOwned)]
    [Rule(RegisterRules.DamagedIsSilent)]
    public void Start(in Turn turn, Outbox outbox)
    {
        _durable = outbox.Appended;
        _isFirstLife = _state.Rounds == 0 && !_hasLost;
        _floor = Math.Max(1, _state.Rounds);
        _rewritten = _state.Ages.Written;
        StateRecord state = new(
            _floor + _options.RoundBlock, _state.IsVoiceless || _hasLost);
        _reservation = outbox.PersistStatement(state);
        _state.Take(state);
        outbox.RoleChanged();
        foreach ((ulong key, RegisterKey held) in _state.All())
        {
            if (held.IsChosen)
                _toTell.Enqueue(key);
            else if (held.AcceptedIn != Ballot.Zero)
                Open(turn, key);
        }
    }

    // What was known to be chosen is told anew, some of it in each turn.
    private void TellOn(Outbox outbox)
    {
        int told = 0;
        while (told < ToldBytesMax && _toTell.TryDequeue(out ulong key))
        {
            if (!_state.TryGet(key, out RegisterKey? held) || !held.IsChosen)
                continue;

            told += held.State.Length + sizeof(ulong);
            Tell((key, held.AcceptedIn), held, held.State, outbox);
        }
    }
}
