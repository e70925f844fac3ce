using System.Text;
using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>Frames of peers, in few words.</summary>
internal static class MultiPaxosFrames
{
    public static Ballot B(long round, int proposer) => new(round, new Member((byte)proposer));

    public static byte[] Probe(Ballot ballot, long chosen = 0) =>
        Encode(new Probe(ballot, new LogIndex(chosen)));

    public static byte[] Granted(Ballot ballot) => Encode(new ProbeReply(ballot, true));

    public static byte[] ProbeRefused(Ballot ballot) => Encode(new ProbeReply(ballot, false));

    public static byte[] Prepare(Ballot ballot, long from = 1, long transfer = 0) =>
        Encode(new Prepare(ballot, new LogIndex(from), transfer));

    /// <summary>The promise of one that has accepted nothing.</summary>
    public static byte[] Promise(Ballot ballot, long from = 1) =>
        new Report(ballot) { From = from }.Frame();

    public static byte[] Nack(Ballot ballot) => Encode(new Nack(ballot));

    public static byte[] Accepted(
        Ballot ballot,
        long through,
        long round = 0,
        (long Number, KernelHealth Health) damage = default) =>
        Encode(Acceptance(ballot, through) with
        {
            Round = round,
            Damage = damage.Number,
            Health = damage.Health,
        });

    /// <summary>The sender's disk is full.</summary>
    public static byte[] AcceptedFull(Ballot ballot, long through) =>
        Encode(Acceptance(ballot, through) with { IsFull = true });

    /// <summary>The sender has something of another leader above what it has accepted.</summary>
    public static byte[] AcceptedBelow(Ballot ballot, long through, long last) =>
        Encode(Acceptance(ballot, through) with { Last = new LogIndex(last) });

    /// <summary>Slots before that one are missing.</summary>
    public static byte[] Lacking(Ballot ballot, long through, long before, long round = 0) =>
        Encode(new Accepted(
            ballot,
            new LogIndex(through),
            new LogIndex(before),
            HasGap: true,
            new LogIndex(through),
            new LogIndex(through),
            round));

    public static byte[] Learn(Ballot ballot, long from) =>
        Encode(new Learn(ballot, new LogIndex(from)));

    public static byte[] TimeoutNow(Ballot ballot, long last, long transfer) =>
        Encode(new TimeoutNow<Ballot>(ballot, new LogIndex(last), transfer));

    public static byte[] Forward(Ballot ballot, long tag, string command, uint life = 1) =>
    [
        .. Encode(new Forward<Ballot>(ballot, (1, life), tag)),
        .. Encoding.UTF8.GetBytes(command),
    ];

    public static byte[] Forwarded(Ballot ballot, long tag, long slot, uint life = 1) =>
        Encode(new ForwardReply<Ballot>(ballot, (1, life), tag, new LogIndex(slot), null));

    public static byte[] ForwardRefused(
        Ballot ballot, long tag, RejectReason reason, uint life = 1) =>
        Encode(new ForwardReply<Ballot>(ballot, (1, life), tag, LogIndex.Zero, reason));

    public static byte[] Rouse(Ballot ballot) => Encode(new Rouse<Ballot>(ballot));

    public static byte[] Encode<T>(in T message)
        where T : struct, IWire, allows ref struct
    {
        FrameBuffer buffer = new();
        message.WriteTo(buffer);
        return buffer.Written.ToArray();
    }

    /// <summary>A message, and the commands of its slots.</summary>
    public static byte[] Encode<T>(in T message, IEnumerable<Told> slots)
        where T : struct, IWire, allows ref struct =>
        [.. Encode(message), .. slots.SelectMany(static slot => slot.Bytes)];

    public static MultiPaxosSlotHead[] Heads(IEnumerable<Told> slots) =>
        [.. slots.Select(static slot => slot.Head)];

    private static Accepted Acceptance(Ballot ballot, long through)
    {
        LogIndex slot = new(through);
        return new Accepted(ballot, slot, slot, HasGap: false, slot, slot, Round: 0);
    }
}
