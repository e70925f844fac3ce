using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What a member is trying to decide, in one ballot: an owner its own instance in ballot
/// 0, or anybody an instance that it recovers. Dies with the life.</summary>
internal sealed class EPaxosAttempt(InstanceId id, Ballot ballot)
{
    // Only a recovery has them; that an owner decides at once must cost little.
    private Dictionary<Member, RecoverOk>? _reports;
    private SortedDictionary<InstanceId, bool>? _uncovered;

    public InstanceId Id => id;

    public Ballot Ballot => ballot;

    public EPaxosStage Stage { get; set; }

    /// <summary>Who has answered in this stage, with itself once its record is durable.</summary>
    public MemberSet Answered { get; set; }

    /// <summary>Who has the command.</summary>
    public MemberSet Holders { get; set; }

    /// <summary>Who is asked in this stage, but for a thrifty owner all.</summary>
    public MemberSet Asked { get; set; }

    /// <summary>How often it was asked again, in all stages.</summary>
    public int Tries { get; set; }

    /// <summary>The highest ballot that somebody has promised instead; zero if nobody
    /// has.</summary>
    public Ballot RefusedFor { get; set; }

    /// <summary>Pre-accepting: how many knew no more conflicts than the owner.</summary>
    public int Equal { get; set; }

    /// <summary>Pre-accepting: all that anybody knew. Accepting: what is proposed.</summary>
    public EPaxosCover Dep { get; set; }

    /// <summary>Accepting: what is proposed.</summary>
    public EPaxosValueKind Proposed { get; set; }

    /// <summary>Recovering: the quorum that has promised; fixed (protocols §1.5b).</summary>
    public MemberSet Quorum { get; set; }

    /// <summary>Recovering: those of it that pre-accepted what the owner has proposed.</summary>
    public int Agreeing { get; set; }

    /// <summary>Recovering: what contradicts that the owner has committed at once.</summary>
    public SortedDictionary<InstanceId, bool> Uncovered => _uncovered ??= [];

    /// <summary>Recovering: what those of the quorum have told, in the order of members.</summary>
    public IEnumerable<KeyValuePair<Member, RecoverOk>> Reports =>
        (_reports ??= []).OrderBy(static report => report.Key.Index);

    public void Report(Member from, in RecoverOk report) => (_reports ??= [])[from] = report;

    public void Begin(EPaxosStage stage)
    {
        Stage = stage;
        Answered = default;
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(id.Owner.Index);
        hash.Add(id.Slot);
        hash.Add(ballot.Number);
        hash.Add((long)Stage);
        hash.Add(Answered.Bits);
        hash.Add(Holders.Bits);
        hash.Add(RefusedFor.Number);
        hash.Add(Equal);
        hash.Add((long)Proposed);
        hash.Add(Quorum.Bits);
        hash.Add(Agreeing);
        Dep.AddTo(ref hash);
        foreach ((InstanceId uncovered, bool isCommitted) in Uncovered)
        {
            hash.Add(uncovered.Owner.Index);
            hash.Add(uncovered.Slot);
            hash.Add(isCommitted ? 1 : 0);
        }

        foreach ((Member member, RecoverOk report) in Reports)
        {
            hash.Add(member.Index);
            hash.Add((long)report.Phase);
            hash.Add(report.AcceptedIn.Number);
        }
    }
}
