using System.Buffers.Binary;
using Synod.Kernel;

namespace Synod.Register;

/// <summary>A member that was away, or is not sure, asks each other what it knows to be chosen, and
/// then for what it lacks. Nothing that is promised rests on it; it is what makes local reads and
/// watches go on.</summary>
internal sealed partial class RegisterReplica
{
    private const int ListedBytesMax = 64 << 10;
    private const int BehindMax = 4096;
    private const int SettledAfter = 8; // times the wait for an answer

    private readonly Dictionary<ulong, RegisterRead> _behind = [];
    private readonly FrameBuffer _sums = new();
    private readonly (long Ticket, int First)[] _passes =
        new (long, int)[MemberSet.MembersMax];

    private MemberSet _lagging;
    private Instant _compareDue = Instant.Never;
    private Instant _lossDue = Instant.Never;

    [Rule(RegisterRules.LaggingCompares)]
    public void Receive(in Turn turn, Member from, in Compare message, Outbox outbox)
    {
        _sums.Clear();
        int part = message.First;
        for (; part < RegisterState.Parts && _sums.Length < ListedBytesMax; part++)
        {
            ReadOnlySpan<byte> sum = message.Sums[(part * sizeof(ulong))..];
            if (BinaryPrimitives.ReadUInt64LittleEndian(sum) == _state.Chosen[part])
                continue;

            foreach ((ulong key, RegisterKey held) in _state.Of(part))
            {
                if (held.ChosenIn == Ballot.Zero)
                    continue;

                _sums.WriteUInt64(key);
                _sums.WriteInt64(held.ChosenIn.Number);
            }
        }

        Listing listing = new()
        {
            Ticket = message.Ticket,
            Next = part,
            Entries = _sums.Written,
        };
        _frames.To(from, listing, default, outbox);
    }

    [Rule(RegisterRules.LaggingCompares)]
    public void Receive(in Turn turn, Member from, in Listing message, Outbox outbox)
    {
        ref (long Ticket, int First) pass = ref _passes[from.Index];
        bool isMine = (message.Ticket.Boot, message.Ticket.Life) == _life
            && message.Ticket.Number == pass.Ticket;
        if (!isMine || !_lagging.Contains(from))
            return;

        FrameReader entries = new(message.Entries);
        while (entries.Remaining > 0)
        {
            ulong key = entries.ReadUInt64();
            Listed(turn, key, RegisterCodec.ReadBallot(ref entries), outbox);
        }

        pass = (0, message.Next % RegisterState.Parts);
        if (message.Next == RegisterState.Parts)
            _lagging = _lagging.Without(from);
        else
            CompareAt(turn.Now + _options.RetryDelay);
    }

    private void Listed(in Turn turn, ulong key, Ballot ballot, Outbox outbox)
    {
        RegisterKey held = _state.GetOrAdd(key);
        if (ballot <= held.ChosenIn)
            return;

        if (held.AcceptedIn == ballot)
            Learn(key, held, outbox);
        else
            CatchUp((key, ballot), turn.Now + _random.Below(_options.RetryDelay));
    }

    /// <summary>This member may know more.</summary>
    private void Lag(in Turn turn, Member behind)
    {
        _lagging = _lagging.With(behind);
        _passes[behind.Index] = default;
        CompareAt(turn.Now + _random.Below(_options.ResendAfter));
    }

    // Whoever is gone may have told others what it tells this one no more; what it has left half
    // done they finish within that time.
    [Rule(RegisterRules.LaggingCompares)]
    private void LagAllLater(in Turn turn)
    {
        _lossDue = turn.Now + new TimeSpan(SettledAfter * _options.ResendAfter.Ticks);
        SetAlarm(RegisterAlarm.Loss, _lossDue);
    }

    private void LagAll(in Turn turn)
    {
        _lossDue = Instant.Never;
        foreach (Member peer in _others)
            Lag(turn, peer);
    }

    [Rule(RegisterRules.LaggingCompares)]
    private void CompareAgain(in Turn turn, Outbox outbox)
    {
        _compareDue = Instant.Never;
        if (_lagging.Except(_disconnected).IsEmpty)
            return;

        CompareAt(turn.Now + _options.ResendAfter);
        if (_behind.Count > BehindMax)
            return;

        _sums.Clear();
        foreach (ulong sum in _state.Chosen)
            _sums.WriteUInt64(sum);
        foreach (Member peer in _lagging.Except(_disconnected))
        {
            ref (long Ticket, int First) pass = ref _passes[peer.Index];
            pass.Ticket = ++_lastTicket;
            Compare compare = new()
            {
                Ticket = new RegisterTicket(_life.Boot, _life.Life, pass.Ticket),
                First = pass.First,
                Sums = _sums.Written,
            };
            _frames.To(peer, compare, default, outbox);
        }
    }

    private void CompareAt(Instant due)
    {
        if (_compareDue <= due)
            return;

        _compareDue = due;
        SetAlarm(RegisterAlarm.Comparison, due);
    }

    // What is missing may be on its way.
    private void CatchUp((ulong Key, Ballot Ballot) lacks, Instant due)
    {
        if (_behind.TryGetValue(lacks.Key, out RegisterRead? asking))
        {
            if (asking.Lacks < lacks.Ballot)
                asking.Lacks = lacks.Ballot;
            return;
        }

        RegisterRead read = NewRead(default, lacks.Key, lacks.Ballot);
        read.Ask(++_lastTicket);
        read.IsResting = true;
        _reads.Add(read.Ticket, read);
        _behind.Add(lacks.Key, read);
        WaitFor(read, due);
    }

    private void Missed(in Turn turn, in Chosen message)
    {
        CatchUp((message.Key, message.Ballot), turn.Now + _options.ResendAfter);
        _behind[message.Key].IsTold = true;
    }

    // It would have accepted what it was told of. Where one frame was lost there were others, of
    // which nobody may tell it any more.
    [Rule(RegisterRules.LaggingCompares)]
    private void LookForLoss(in Turn turn, RegisterRead read)
    {
        bool isLoss = read.IsTold
            && (!_state.TryGet(read.Key, out RegisterKey? held) || held.Promised < read.Lacks);
        read.IsTold = false;
        if (isLoss)
            LagAll(turn);
    }

    private bool HasCaughtUp(RegisterRead read) =>
        _state.TryGet(read.Key, out RegisterKey? held) && held.ChosenIn >= read.Lacks;

    // That it is chosen is a fact, whoever says so. A vote for it may be given late, as if the
    // proposal had come late.
    [Rule(RegisterRules.LaggingCompares)]
    private void TakeIn(RegisterRead read, in Answer message, Outbox outbox)
    {
        RegisterKey held = _state.GetOrAdd(read.Key);
        Ballot ballot = message.Vote.Ballot;
        if (held.Promised <= ballot && _pressure != StoragePressure.Full)
        {
            AcceptedRecord record = new()
            {
                Key = read.Key,
                Ballot = ballot,
                State = message.Vote.State,
            };
            _state.Take(record, outbox.Persist(record));
            Learn(read.Key, held, outbox);
        }
        else if (held.ChosenIn < ballot)
        {
            Tell((read.Key, ballot), held, message.Vote.State, outbox);
        }

        End(read, outbox);
    }
}
