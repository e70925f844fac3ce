using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Synod.Kernel;

namespace Synod.Register;

/// <summary>What the proposer of a key is at. One ballot at a time; what comes meanwhile waits and
/// goes into the next one together.</summary>
internal sealed class RegisterRound
{
    private readonly Queue<RegisterRequest> _waiting = [];
    private readonly Stack<RegisterRequest> _again = [];
    private readonly List<RegisterRequest> _running = [];
    private readonly List<RequestId> _readersWaiting = [];
    private readonly List<RequestId> _readers = [];

    public ulong Key { get; private set; }

    public RegisterStage Stage { get; private set; }

    public Ballot Ballot { get; private set; }

    /// <summary>The ballot whose state this one goes on from.</summary>
    public Ballot Base { get; private set; }

    /// <summary>What this member had accepted when it asked.</summary>
    public Ballot Have { get; private set; }

    /// <summary>The state of <see cref="Base"/>; while commands run, and after, what they have made
    /// of it.</summary>
    public FrameBuffer State { get; } = new();

    /// <summary>Who has promised, or accepted.</summary>
    public MemberSet Heard { get; set; }

    /// <summary>Who has promised a higher ballot to another.</summary>
    public MemberSet Against { get; set; }

    /// <summary>The highest ballot that somebody was found to have promised.</summary>
    public Ballot Seen { get; set; }

    /// <summary>The own vote in this ballot.</summary>
    public RecordNumber Voted { get; private set; }

    /// <summary>When to look again.</summary>
    public Instant Due { get; set; }

    /// <summary>How often in a row another was ahead.</summary>
    public int Tries { get; set; }

    /// <summary>The command that is being run.</summary>
    public RegisterRequest Current { get; private set; }

    /// <summary>The commands of this ballot, in the order in which they were run.</summary>
    public ReadOnlySpan<RegisterRequest> Running => CollectionsMarshal.AsSpan(_running);

    /// <summary>The reads that this ballot answers.</summary>
    public ReadOnlySpan<RequestId> Readers => CollectionsMarshal.AsSpan(_readers);

    public bool HasWork =>
        _waiting.Count > 0 || _again.Count > 0 || _readersWaiting.Count > 0;

    public void Begin(ulong key)
    {
        Key = key;
        Stage = RegisterStage.Resting;
        Seen = Ballot.Zero;
        Due = Instant.Never;
        Tries = 0;
    }

    public void Add(RequestId command) => _waiting.Enqueue(new RegisterRequest(command, false));

    public void AddReader(RequestId read) => _readersWaiting.Add(read);

    /// <summary>Begins a ballot; reads that wait are answered by it.</summary>
    public void Enter(RegisterStage stage, Ballot ballot, RegisterKey from)
    {
        Stage = stage;
        Ballot = ballot;
        Base = from.AcceptedIn;
        Have = from.AcceptedIn;
        Heard = default;
        Against = default;
        Take(from.State);
        _readers.AddRange(_readersWaiting);
        _readersWaiting.Clear();
    }

    /// <summary>A higher vote than all before.</summary>
    public void Adopt(in RegisterVote vote)
    {
        Base = vote.Ballot;
        Take(vote.State);
    }

    /// <summary>The next command to run in this ballot.</summary>
    public bool TryRun(int most, out RequestId command)
    {
        Stage = RegisterStage.Evaluating;
        command = default;
        if (_running.Count >= most || !TryTake(out RegisterRequest next))
            return false;

        Current = next;
        command = next.Id;
        return true;
    }

    /// <summary>The command has run, and this is the state now.</summary>
    public void Ran(ReadOnlySpan<byte> state)
    {
        _running.Add(Current);
        Current = default;
        Take(state);
    }

    /// <summary>The state leaves: from now on its commands may happen.</summary>
    public void Expose(RecordNumber vote)
    {
        Stage = RegisterStage.Accepting;
        Voted = vote;
        Heard = default;
        Against = default;
        for (int place = 0; place < _running.Count; place++)
            _running[place] = _running[place] with { MayHappen = true };
    }

    /// <summary>The ballot is lost: what it was for waits again, in its order.</summary>
    public void Rest()
    {
        Stage = RegisterStage.Resting;
        if (Current != default)
            _again.Push(Current);
        Current = default;
        for (int place = _running.Count - 1; place >= 0; place--)
            _again.Push(_running[place]);
        _running.Clear();
        _readersWaiting.InsertRange(0, _readers);
        _readers.Clear();
    }

    /// <summary>The ballot is done.</summary>
    public void Done()
    {
        _running.Clear();
        _readers.Clear();
        Tries = 0;
        Stage = RegisterStage.Resting;
    }

    /// <summary>Takes a command that waits.</summary>
    public bool TryTake(out RegisterRequest request) =>
        _again.TryPop(out request) || _waiting.TryDequeue(out request);

    /// <summary>Takes a read that waits.</summary>
    public bool TryTakeReader([NotNullWhen(true)] out RequestId? read)
    {
        read = _readersWaiting.Count > 0 ? _readersWaiting[^1] : null;
        if (read is not null)
            _readersWaiting.RemoveAt(_readersWaiting.Count - 1);
        return read is not null;
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(unchecked((long)Key));
        hash.Add((long)Stage);
        hash.Add(Ballot.Number);
        hash.Add(Base.Number);
        hash.Add(Have.Number);
        hash.Add(State.Written);
        hash.Add(Heard.Bits);
        hash.Add(Against.Bits);
        hash.Add(Seen.Number);
        Digest(ref hash, Current);
        hash.Add(_running.Count);
        foreach (RegisterRequest request in _running)
            Digest(ref hash, request);
        foreach (RegisterRequest request in _again)
            Digest(ref hash, request);
        foreach (RegisterRequest request in _waiting)
            Digest(ref hash, request);
        hash.Add(_readers.Count);
        foreach (RequestId read in _readers)
            hash.Add(read.Number);
        foreach (RequestId read in _readersWaiting)
            hash.Add(read.Number);
    }

    private static void Digest(ref StateHash hash, RegisterRequest request)
    {
        hash.Add(request.Id.Number);
        hash.Add(request.MayHappen ? 1 : 0);
    }

    private void Take(ReadOnlySpan<byte> state)
    {
        State.Clear();
        State.WriteBytes(state);
    }
}
