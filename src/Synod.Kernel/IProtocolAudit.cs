namespace Synod.Kernel;

/// <summary>What a protocol promises, watched over all members of one epoch at once, for a
/// simulator and for tests. What does not hold throws <see cref="InvariantBrokenException"/> with
/// the rule, the member and the place. Owned by one thread; it reads the kernels and never changes
/// them.</summary>
/// <remarks>
/// <para>It watches from the first record of the epoch on, and is told of everything in the order
/// in which it happens. In a life of a member: <see cref="Began"/>; <see cref="Stepped"/> for Start
/// and after each input, before its effects are performed; <see cref="Durable"/> for each record,
/// before any frame leaves and any command is delivered that it gated and before the live kernel is
/// told; <see cref="Leaves"/> for each frame and each target; <see cref="Arrives"/> for each frame
/// that it takes; <see cref="Ended"/>.</para>
/// <para>All members are honest and frames arrive as they left, or not at all.</para>
/// </remarks>
public interface IProtocolAudit
{
    /// <summary>What the monotonic clock of a living member shows at this moment, for promises that
    /// rest on time. Null, the default, leaves them unchecked.</summary>
    Func<Member, Instant>? Clocks { get; set; }

    /// <summary>Told in a few words of what happens seldom and is right, so that a simulator can
    /// say how often it did. Null, the default, tells nobody; a protocol that has nothing to say
    /// ignores it.</summary>
    Action<string>? Notices
    {
        get => null;
        set
        {
        }
    }

    /// <summary>Told what the protocol calls a command that a member delivers, as in <c>m1.7</c>:
    /// one call for each Deliver of a step, in their order. Null, the default, tells nobody; a
    /// protocol whose commands have only their place in the one order ignores it.</summary>
    Action<Member, string>? Names
    {
        get => null;
        set
        {
        }
    }

    /// <summary>A member begins a life: called after Start, before the effects of Start are
    /// performed.</summary>
    /// <param name="member">The member.</param>
    /// <param name="live">Its kernel, as the protocol made it.</param>
    /// <param name="durable">A second kernel, never started, that was given by Recover exactly the
    /// records that its disk holds for certain. At this moment these are the records that the live
    /// kernel was given. It gets more as they become durable.</param>
    /// <exception cref="ArgumentException">A kernel is not of this protocol.</exception>
    void Began(Member member, IKernel live, IKernel durable);

    /// <summary>The life of a member has ended: a crash, or a restart in place. Its durable kernel
    /// stays and is what its disk would give back.</summary>
    void Ended(Member member);

    /// <summary>The live kernel of a member has taken one input. Called before the effects are
    /// performed.</summary>
    /// <param name="member">The member.</param>
    /// <param name="outbox">Its outbox.</param>
    /// <param name="first">The effects of this input begin here.</param>
    void Stepped(Member member, Outbox outbox, int first);

    /// <summary>The live kernel of a member is about to be asked for a read. What is committed by
    /// now must be seen by it.</summary>
    void Reads(Member member, RequestId request, in Footprint footprint);

    /// <summary>A record of a member has become durable and was given to its durable kernel: one
    /// call after each Recover, in the order of appending.</summary>
    void Durable(Member member, RecordNumber number, ReadOnlySpan<byte> body);

    /// <summary>A frame of a member leaves for another one now: its gate is open.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="target">The receiver; a broadcast leaves once for each.</param>
    /// <param name="frame">The whole frame, commands included, as it is received.</param>
    void Leaves(Member from, Member target, ReadOnlySpan<byte> frame);

    /// <summary>A frame reaches a living member: called before its kernel takes it. What is on its
    /// way, or lost, has told nobody anything.</summary>
    /// <param name="from">The sender.</param>
    /// <param name="target">The receiver.</param>
    /// <param name="frame">The whole frame; a protocol that looks only at what leaves ignores
    /// it.</param>
    void Arrives(Member from, Member target, ReadOnlySpan<byte> frame)
    {
    }

    /// <summary>The disk of a member is lost: wiped, or damaged beyond what a life can begin with.
    /// Called after its life has ended. From now on it counts as a holder of what it held; another
    /// life begins with whatever is there then.</summary>
    void Lost(Member member);

    /// <summary>Some records of a member's disk are lost. Called after its life has ended and
    /// before the next one begins, with what is left: the kernel that is durable then was told of
    /// the loss, as the live one was.</summary>
    void Damaged(Member member);

    /// <summary>Looks at everything: the whole states of all members alive and of all disks. Called
    /// between steps, now and then.</summary>
    void Check();
}
