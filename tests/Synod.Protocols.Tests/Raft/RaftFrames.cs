using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Frames of peers, in few words.</summary>
internal static class RaftFrames
{
    public static byte[] RequestVote(
        long term, long lastIndex = 0, long lastTerm = 0, long transfer = 0) =>
        Encode(new RequestVote(
            new Term(term), new LogIndex(lastIndex), new Term(lastTerm), false, transfer));

    public static byte[] PreVote(long term, long lastIndex = 0, long lastTerm = 0) =>
        Encode(new RequestVote(new Term(term), new LogIndex(lastIndex), new Term(lastTerm), true));

    public static byte[] Vote(long term, bool isGranted = true) =>
        Encode(new VoteReply(new Term(term), false, isGranted));

    public static byte[] Promise(long term, bool isGranted = true) =>
        Encode(new VoteReply(new Term(term), true, isGranted));

    public static byte[] Accepted(long term, long index, long round = 0) =>
        Encode(new AppendReply(new Term(term), true, new LogIndex(index), default, default, round));

    public static byte[] Refused(
        long term, long index, (long Index, long Term) hint, long round = 0) =>
        Encode(new AppendReply(
            new Term(term),
            false,
            new LogIndex(index),
            new LogIndex(hint.Index),
            new Term(hint.Term),
            round));

    public static byte[] TimeoutNow(long term, long last, long transfer) =>
        Encode(new TimeoutNow<Term>(new Term(term), new LogIndex(last), transfer));

    public static byte[] Forward(long term, long tag, string command, uint life = 1) =>
    [
        .. Encode(new Forward<Term>(new Term(term), (1, life), tag)),
        .. System.Text.Encoding.UTF8.GetBytes(command),
    ];

    public static byte[] Forwarded(long term, long tag, long index, uint life = 1) =>
        Encode(new ForwardReply<Term>(new Term(term), (1, life), tag, new LogIndex(index), null));

    public static byte[] ForwardRefused(
        long term, long tag, RejectReason reason, uint life = 1) =>
        Encode(new ForwardReply<Term>(new Term(term), (1, life), tag, LogIndex.Zero, reason));

    /// <summary>The answer of a follower that damage has hurt.</summary>
    public static byte[] Accepted(
        long term, long index, (long Number, KernelHealth Health) damage, long round = 0) =>
        Encode(new AppendReply(
            new Term(term),
            true,
            new LogIndex(index),
            default,
            default,
            round,
            damage.Number,
            damage.Health));

    public static byte[] Rouse(long term) => Encode(new Rouse<Term>(new Term(term)));

    public static byte[] Encode<T>(in T message)
        where T : struct, IWire, allows ref struct
    {
        FrameBuffer buffer = new();
        message.WriteTo(buffer);
        return buffer.Written.ToArray();
    }
}
