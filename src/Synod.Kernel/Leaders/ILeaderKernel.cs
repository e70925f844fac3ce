namespace Synod.Kernel;

/// <summary>What <see cref="LeaderDuties{TReign}"/> need of their protocol: how one is elected, how
/// entries are replicated and when they are committed.</summary>
/// <typeparam name="TReign">A term, a ballot.</typeparam>
public interface ILeaderKernel<TReign>
    where TReign : struct, IReign
{
    /// <summary>The duties that it owns.</summary>
    LeaderDuties<TReign> Duties { get; }

    /// <summary>The newest reign that it is in, or has promised to be in.</summary>
    TReign Reign { get; }

    /// <summary>The last entry that it knows to be committed; all up to it are
    /// delivered.</summary>
    LogIndex Committed { get; }

    /// <summary>The last entry that it has.</summary>
    LogIndex Last { get; }

    /// <summary>The last of its entries that is on its disk with all before it.</summary>
    LogIndex Durable { get; }

    /// <summary>What its word is worth.</summary>
    KernelHealth Health { get; }

    /// <summary>Whether it may propose one more.</summary>
    bool HasRoom { get; }

    /// <summary>Whether it has all that the leader has, whose newest entry this is.</summary>
    bool HoldsUpTo(LogIndex last);

    /// <summary>Somebody is in a newer reign than this member.</summary>
    void Outbid(in Turn turn, TReign newer, Outbox outbox);

    /// <summary>Tells somebody who is in an older reign.</summary>
    void TellReign(Member older, Outbox outbox);

    /// <summary>It has heard no leader for long: it asks whether it would be elected.</summary>
    void AskForElection(in Turn turn, Outbox outbox);

    /// <summary>It is to campaign, without asking first.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="transfer">Which transfer it was asked for.</param>
    /// <param name="outbox">Effects.</param>
    void Campaign(in Turn turn, long transfer, Outbox outbox);

    /// <summary>A peer is lost. If it can no longer win the election that it is in, it tries again
    /// soon.</summary>
    void EndIfHopeless(in Turn turn, Outbox outbox);

    /// <summary>It is about to be something else than it was.</summary>
    void RoleEnds();

    /// <summary>Appends a command as the leader.</summary>
    LogIndex Append(Payload command, Outbox outbox);

    /// <summary>Whether a follower may be sent more entries.</summary>
    bool IsBehind(Leading leading, Member peer);

    /// <summary>Sends the next entries to followers that are at the same place.</summary>
    void SendBatch(Leading leading, MemberSet peers, Outbox outbox);

    /// <summary>Sends what a leader says when it has nothing to say.</summary>
    void SendHeartbeat(Leading leading, Member peer, Outbox outbox);
}
