namespace Synod.Kernel;

/// <summary>One protocol for one epoch, as a deterministic function of its inputs. Every input
/// carries the time and writes its effects into the outbox; the runtime performs them in order
/// before the next input (design §3). Called by one thread; it has no thread, clock, disk or socket
/// of its own.</summary>
/// <remarks>
/// <para>A life is: the constructor, <see cref="Recover"/> for every record of the log in
/// order, with <see cref="Lost"/> where records are missing, <see cref="Start"/>, then any other
/// input in any order.</para>
/// <para>Messages may be lost, delayed, duplicated and reordered. A frame leaves only when the
/// records up to its gate are durable, and gates reorder the messages to one peer.</para>
/// </remarks>
public interface IKernel
{
    /// <summary>The view of now; cheap enough for every request.</summary>
    KernelStatus Status { get; }

    /// <summary>The view of now for people; not for the hot path.</summary>
    KernelSurvey Survey(Instant now);

    /// <summary>Takes back one record of its own, as it was persisted. Where it has released older
    /// ones, its newest statement comes first, though it may be older, then the records from the
    /// one that it has named on.</summary>
    /// <param name="number">The number of the record.</param>
    /// <param name="body">The record and, behind it, the command.</param>
    /// <returns>False if the bytes are not a record of this protocol and version.</returns>
    bool Recover(RecordNumber number, ReadOnlySpan<byte> body);

    /// <summary>Own records that were durable are damaged and will never be recovered (safety §7).
    /// Comes in their place between the others.</summary>
    /// <param name="from">The first that is missing.</param>
    /// <param name="through">The last. Behind the last record that is left it is the last that may
    /// be missing, and fewer may be. The number before <paramref name="from"/> if none is missing
    /// but a statement that is older than the records it has named on release.</param>
    /// <param name="hidesStatement">Whether a statement may be among them that is newer than all
    /// that are left: then what the newest one says may not be the truth any more. A statement
    /// that is recovered afterwards is newer again.</param>
    void Lost(RecordNumber from, RecordNumber through, bool hidesStatement);

    /// <summary>Begins to live, with what was recovered. What it concludes from lost records it
    /// must make durable before anything else: a later life may find the gap closed, but never
    /// without the record.</summary>
    void Start(in Turn turn, Outbox outbox);

    /// <summary>A frame of another member. Transient payloads point into it.</summary>
    void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox);

    /// <summary>A time asked for by WakeAt has come.</summary>
    void Wake(in Turn turn, Outbox outbox);

    /// <summary>The inbox is drained: send what was gathered since the last time. Batching is a
    /// property of the loop, so proposals, reads and answers leave here.</summary>
    void Settle(in Turn turn, Outbox outbox);

    /// <summary>The connection on which this member sends to the peer is up, and where nodes are
    /// watched the peer is heard. Up and down are told in turn, for every connection anew; a frame
    /// of the peer is no such news, since it comes over another connection and may be
    /// older.</summary>
    void PeerUp(in Turn turn, Member peer, Outbox outbox);

    /// <summary>The connection on which this member sends to the peer is down, or the node of the
    /// peer is connected and has gone silent: see <see cref="KernelStart.IsWatched"/>.</summary>
    void PeerDown(in Turn turn, Member peer, Outbox outbox);

    /// <summary>A command to be ordered. Ends in exactly one of Deliver with this request, or Done
    /// where there is no order, Reject or Abandon, in this life.</summary>
    void Propose(
        in Turn turn, RequestId request, Payload command, in Footprint footprint, Outbox outbox);

    /// <summary>A linearizable read. Ends in exactly one of ReadReady or Reject, in this
    /// life.</summary>
    void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox);

    /// <summary>Leadership is to go to another member, or is not to go after all. A later call
    /// takes the place of an earlier one. Ends in exactly one of TransferEnded or Abandon, in this
    /// life; a request of zero is nobody's and ends silently.</summary>
    void Transfer(in Turn turn, RequestId request, TransferOrder order, Outbox outbox);

    /// <summary>A command was run, as Evaluate asked: the state that its key is to have. Comes
    /// before the next <see cref="Settle"/>, in the order of asking, or never. A kernel that orders
    /// commands does not ask.</summary>
    /// <param name="turn">The time.</param>
    /// <param name="request">The command.</param>
    /// <param name="state">Key and ballot as they were in Evaluate, and the next state.</param>
    /// <param name="outbox">Takes the effects.</param>
    void Evaluated(in Turn turn, RequestId request, in KeyState state, Outbox outbox) =>
        throw new InvalidOperationException("This kernel asks for no evaluation.");

    /// <summary>All own records up to the number are durable.</summary>
    void Persisted(in Turn turn, RecordNumber through, Outbox outbox);

    /// <summary>How full the disk is from now on.</summary>
    void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox);

    /// <summary>The log of the node has grown long, and the oldest part of it is held by this
    /// replica. It is to make a checkpoint and to say <see cref="Outbox.Release"/> as soon as it
    /// may, also if nothing has happened since the last one. A kernel that keeps all its records
    /// does nothing, as by default.</summary>
    void Checkpoint(in Turn turn, Outbox outbox)
    {
    }

    /// <summary>Writes the frontier of a snapshot of the machine that is taken at this place of the
    /// ordered stream: behind all that was delivered by now, before all that is delivered later.
    /// Only the protocol knows what these bytes mean. A kernel that keeps all its records writes
    /// nothing, as by default.</summary>
    void Capture(FrameBuffer frontier)
    {
    }

    /// <summary>A snapshot of the machine is durable. From now on each life begins with it or with
    /// a newer one, as <see cref="KernelStart.Snapshot"/> says, and the kernel may release what
    /// only tells of the past.</summary>
    /// <param name="turn">The time.</param>
    /// <param name="frontier">What <see cref="Capture"/> has written when it was taken.</param>
    /// <param name="outbox">Takes the effects.</param>
    void SnapshotSaved(in Turn turn, ReadOnlySpan<byte> frontier, Outbox outbox)
    {
    }

    /// <summary>Adds the durable state, as its own records alone would rebuild it.</summary>
    void Digest(ref StateHash hash);

    /// <summary>Adds what dies with the life and decides what it does next, the durable state left
    /// out. Of a time counts what it decides now, and of randomness nothing: a search takes two
    /// states for one if they differ in nothing else.</summary>
    void DigestVolatile(in Turn turn, ref StateHash hash);

    /// <summary>A frame as one line of trace text.</summary>
    string DescribeFrame(ReadOnlySpan<byte> frame);

    /// <summary>A record as one line of trace text.</summary>
    string DescribeRecord(ReadOnlySpan<byte> record);
}
