using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Phase 1: collects promises.</summary>
internal sealed class MultiPaxosCampaigning : MemberRole
{
    private readonly LogIndex[] _next;

    public MultiPaxosCampaigning(
        RecordNumber ownPromise, LogIndex from, (int Members, Instant Begun) of)
    {
        OwnPromise = ownPromise;
        Begun = of.Begun;
        _next = new LogIndex[of.Members];
        Array.Fill(_next, from);
    }

    /// <summary>The record that must be durable before the own promise counts.</summary>
    public RecordNumber OwnPromise { get; }

    public Instant Begun { get; }

    /// <summary>Which transfer it was asked to campaign for; zero if for none.</summary>
    public long Transfer { get; init; }

    /// <summary>Who has told all that it has accepted.</summary>
    public MemberSet Promised { get; set; }

    public MemberSet Refused { get; set; }

    /// <summary>When pages that have not come are asked for again.</summary>
    public Instant AsksAgain { get; set; }

    public override Instant Due => AsksAgain;

    /// <summary>The first slot of the page that a peer is asked for.</summary>
    public LogIndex NextOf(Member peer) => _next[peer.Index];

    /// <summary>A page of a peer was taken.</summary>
    public void Took(Member peer, LogIndex through) => _next[peer.Index] = through.Next();

    public override void Digest(ref StateHash hash)
    {
        hash.Add(101);
        hash.Add(OwnPromise.Number);
        hash.Add(Transfer);
        hash.Add(Promised.Bits);
        hash.Add(Refused.Bits);
        foreach (LogIndex next in _next)
            hash.Add(next.Number);
    }
}
