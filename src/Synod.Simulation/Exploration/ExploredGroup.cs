using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A group on a way of a search, with what may still be done to it. Each move is one turn:
/// whoever had an input settles.</summary>
internal sealed class ExploredGroup
{
    private readonly ExploreOptions _options;
    private readonly KernelGroup _group;
    private readonly bool _areAlike;
    private int _wakes;
    private int _proposals;
    private int _reads;
    private int _crashes;
    private int _copies;

    public ExploredGroup(ExploreOptions options)
    {
        _options = options;
        _group = options.From.Reach();
        _areAlike = options.From.IsOnlyStart;
    }

    /// <summary>All that can be done now.</summary>
    public List<Move> Moves()
    {
        List<Move> moves = [];
        AddFrames(moves, MoveKind.Deliver);
        if (_copies < _options.Copies)
            AddFrames(moves, MoveKind.Copy);
        foreach (GroupMember member in _group.Members)
            AddAt(moves, member);
        return moves;
    }

    /// <summary>Makes a move.</summary>
    public void Do(Move move)
    {
        GroupMember at = _group[move.At];
        switch (move.Kind)
        {
            case MoveKind.Deliver:
                _group.Deliver(Flight(move));
                break;
            case MoveKind.Copy:
                _copies++;
                _group.DeliverCopy(Flight(move));
                break;
            case MoveKind.Persist:
                _group.Persist(at, at.Appended);
                break;
            case MoveKind.Wake:
                _wakes++;
                _group.Wake(at);
                break;
            case MoveKind.Propose:
                _proposals++;
                _group.Propose(at, move.Command);
                break;
            case MoveKind.Read:
                _reads++;
                _group.Read(at);
                break;
            case MoveKind.Crash:
                _crashes++;
                _group.Crash(at, move.Number);
                _group.Begin(at);
                break;
        }

        _group.Settle();
    }

    /// <summary>Makes a move, and looks whether it was worth it. It was not if all it did was to
    /// use up a request or a frame: whatever can happen then can happen without it.</summary>
    public bool Try(Move move)
    {
        bool isDelivery = move.Kind == MoveKind.Deliver;
        ulong idle = isDelivery ? _group.Digest(without: Flight(move)) : 0;
        Do(move);
        return move.Kind switch
        {
            MoveKind.Deliver => _group.Digest() != idle,
            MoveKind.Propose or MoveKind.Read => !_group.Requests.IsNewestRejected,
            _ => true,
        };
    }

    public void Check() => _group.Audit.Check();

    /// <summary>What was used up belongs to the state: it decides what may still happen.</summary>
    public ulong Digest()
    {
        StateHash hash = default;
        hash.Add(unchecked((long)_group.Digest()));
        hash.Add(_wakes);
        hash.Add(_proposals);
        hash.Add(_reads);
        hash.Add(_crashes);
        hash.Add(_copies);
        return hash.Value;
    }

    private void AddAt(List<Move> moves, GroupMember member)
    {
        Member self = member.Self;
        if (member.Durable < member.Appended)
            moves.Add(new Move(MoveKind.Persist, self, default, 0));

        // While all members are alike, the first one to wake may as well be m0.
        bool mayWake = _wakes < _options.Wakes && (_wakes > 0 || !_areAlike || self == default);
        if (mayWake && member.Due < Instant.Never)
            moves.Add(new Move(MoveKind.Wake, self, default, 0));
        if (_proposals < _options.Proposals)
            moves.Add(new Move(MoveKind.Propose, self, default, (byte)_proposals));
        if (_reads < _options.Reads)
            moves.Add(new Move(MoveKind.Read, self, default, 0));
        if (_crashes >= _options.Crashes)
            return;

        long unflushed = member.Appended.Number - member.Durable.Number;
        for (byte kept = 0; kept <= unflushed; kept++)
            moves.Add(new Move(MoveKind.Crash, self, default, kept));
    }

    // Of frames that are the same on the same way one is enough.
    private void AddFrames(List<Move> moves, MoveKind kind)
    {
        for (int index = 0; index < _group.Flights.Count; index++)
        {
            GroupFlight flight = _group.Flights[index];
            (byte place, bool isNew) = (1, true);
            foreach (GroupFlight before in _group.Flights[..index])
            {
                if (before.From != flight.From || before.To != flight.To)
                    continue;

                place++;
                isNew &= !before.Frame.AsSpan().SequenceEqual(flight.Frame);
            }

            if (isNew)
                moves.Add(new Move(kind, flight.From, flight.To, place));
        }
    }

    private GroupFlight Flight(Move move) => _group.Flights
        .Where(flight => flight.From == move.At && flight.To == move.To)
        .ElementAt(move.Number - 1);
}
