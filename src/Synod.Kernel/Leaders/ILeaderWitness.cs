namespace Synod.Kernel;

/// <summary>What <see cref="LeaderAudit{TReign}"/> needs of the audit of its protocol.</summary>
/// <typeparam name="TReign">A term, a ballot.</typeparam>
public interface ILeaderWitness<TReign>
    where TReign : struct, IReign
{
    /// <summary>The last entry that is committed anywhere.</summary>
    LogIndex Committed { get; }

    /// <summary>See <see cref="IProtocolAudit.Clocks"/>.</summary>
    Func<Member, Instant>? Clocks { get; }

    /// <summary>The kernel of a member; null while it does not live.</summary>
    ILeaderKernel<TReign>? LiveOf(Member member);

    /// <summary>Whether a member has led in a reign.</summary>
    bool HasLed(TReign reign, Member member);

    /// <summary>Throws unless the disk of a member says that it is in a reign or a newer
    /// one.</summary>
    void RequireReign(Member member, TReign reign);

    /// <summary>Throws unless the disk of a member holds what it needs to lead in a
    /// reign.</summary>
    void RequireElected(Member member, TReign reign);

    /// <summary>A leader asks a member to campaign: it must have all that the leader has.</summary>
    void AsksToCampaign(Member leader, Member target, in TimeoutNow<TReign> message);

    /// <summary>A leader has said that what was forwarded stands there.</summary>
    void MeetContent(Member leader, in ForwardReply<TReign> message, ulong content);
}
