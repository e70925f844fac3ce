using Synod.Kernel;

namespace Synod.Register;

/// <summary>A passive read under way. When it has ended it is used for another one.</summary>
internal sealed class RegisterRead
{
    public RequestId Request { get; private set; }

    public ulong Key { get; private set; }

    /// <summary>Whether nobody waits: this member has missed a state that is chosen.</summary>
    public bool IsCatchUp => Request == default;

    /// <summary>Of one that catches up: the ballot that it lacks.</summary>
    public Ballot Lacks { get; set; }

    /// <summary>Of one that catches up: whether it was told of that ballot, unasked.</summary>
    public bool IsTold { get; set; }

    /// <summary>The question it asks now.</summary>
    public long Ticket { get; private set; }

    /// <summary>What this member had accepted when it asked.</summary>
    public Ballot Have { get; set; }

    public MemberSet Answered { get; private set; }

    /// <summary>Who holds the highest vote.</summary>
    public MemberSet Holders { get; private set; }

    /// <summary>The highest vote among the answers.</summary>
    public Ballot Highest { get; private set; }

    /// <summary>Whether somebody knows that it is chosen.</summary>
    public bool IsChosen { get; private set; }

    /// <summary>The state of the highest vote.</summary>
    public FrameBuffer State { get; } = new();

    /// <summary>How often it has asked in vain.</summary>
    public int Tries { get; set; }

    /// <summary>Whether it waits before it asks again.</summary>
    public bool IsResting { get; set; }

    /// <summary>When to look again.</summary>
    public Instant Due { get; set; }

    /// <summary>A read that somebody waits for, or one that catches up with a ballot.</summary>
    public void Begin(RequestId request, ulong key, Ballot lacks)
    {
        Request = request;
        Key = key;
        Lacks = lacks;
        IsTold = false;
        Tries = 0;
    }

    public void Ask(long ticket)
    {
        Ticket = ticket;
        IsResting = false;
        IsChosen = false;
        Answered = default;
        Holders = default;
        Highest = Ballot.Zero;
        Have = Ballot.Zero;
        State.Clear();
    }

    public void Count(Member from, in RegisterVote vote, bool isChosen)
    {
        Answered = Answered.With(from);
        if (vote.Ballot < Highest)
            return;

        bool isHigher = vote.Ballot > Highest;
        Holders = isHigher ? MemberSet.Of(from) : Holders.With(from);
        IsChosen = isChosen || (IsChosen && !isHigher);
        if (!isHigher)
            return;

        Highest = vote.Ballot;
        State.Clear();
        State.WriteBytes(vote.State);
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(Request.Number);
        hash.Add(Answered.Bits);
        hash.Add(Holders.Bits);
        hash.Add(Highest.Number);
        hash.Add(Have.Number);
        hash.Add(IsChosen ? 1 : 0);
        hash.Add(IsResting ? 1 : 0);
        hash.Add(IsTold ? 1 : 0);
        hash.Add(Lacks.Number);
        hash.Add(Tries);
    }
}
