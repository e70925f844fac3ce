using Synod.Kernel;
using Synod.Register;

namespace Synod.Protocols.Tests.Register;

/// <summary>Frames of others, and situations in which tests begin.</summary>
internal static class RegisterScenes
{
    public static readonly Footprint WritesK = Footprint.Writes("k"u8);

    public static readonly Footprint ReadsK = Footprint.Reads("k"u8);

    /// <summary>The key.</summary>
    public static readonly ulong K = WritesK.KeyAt(0);

    public static Ballot B(long round, int member) => new(round, new Member((byte)member));

    /// <summary>Who owns the key in a group of this size.</summary>
    public static int OwnerOfK(int members) => (int)(K % (ulong)members);

    /// <summary>A member that does not own the key.</summary>
    public static int OtherThanOwner(int members) => (OwnerOfK(members) + 1) % members;

    /// <summary>A frame of one entry.</summary>
    public static byte[] Frame<T>(T entry)
        where T : struct, IWire, allows ref struct
    {
        FrameBuffer bytes = new();
        bytes.WriteByte(RegisterCodec.Version);
        entry.WriteTo(bytes);
        return bytes.Written.ToArray();
    }

    public static byte[] Record<T>(T record)
        where T : struct, IWire, allows ref struct
    {
        FrameBuffer bytes = new();
        record.WriteTo(bytes);
        return bytes.Written.ToArray();
    }

    public static byte[] Prepare(Ballot ballot, Ballot have = default) =>
        Frame(new Prepare(K, ballot) { Have = have });

    /// <summary>A promise of one who has accepted nothing.</summary>
    public static byte[] Promise(Ballot ballot) =>
        Frame(new Promise { Key = K, Ballot = ballot, Vote = default });

    public static byte[] Promise(Ballot ballot, Ballot vote, params string[] commands) =>
        Frame(new Promise
        {
            Key = K,
            Ballot = ballot,
            Vote = new RegisterVote { Ballot = vote, State = RegisterMember.StateOf(commands) },
        });

    public static byte[] Accept(Ballot ballot, params string[] commands) => Frame(new Accept
    {
        Key = K,
        Ballot = ballot,
        State = RegisterMember.StateOf(commands),
    });

    public static byte[] Accepted(Ballot ballot) => Frame(new Accepted(K, ballot));

    public static byte[] Refused(Ballot ballot, Ballot promised) =>
        Frame(new Refused(K, ballot, promised));

    public static byte[] Chosen(Ballot ballot) => Frame(new Chosen(K, ballot));

    public static byte[] Query(long ticket, Ballot have = default) =>
        Frame(new Query(K, new RegisterTicket(1, 1, ticket)) { Have = have });

    public static byte[] Nothing(long ticket, uint life = 1) => Frame(new Answer
    {
        Key = K,
        Ticket = new RegisterTicket(1, life, ticket),
        IsChosen = false,
        Vote = default,
    });

    public static byte[] Answer(
        long ticket, Ballot vote, bool isChosen, params string[] commands) => Frame(new Answer
        {
            Key = K,
            Ticket = new RegisterTicket(1, 1, ticket),
            IsChosen = isChosen,
            Vote = new RegisterVote { Ballot = vote, State = RegisterMember.StateOf(commands) },
        });

    /// <summary>One after the other, with what leaves at the end of the turn.</summary>
    public static string[] Turn(this RegisterMember member, params string[][] inputs) =>
        [.. inputs.SelectMany(static lines => lines), .. member.Settle()];

    /// <summary>All is durable, and the turn ends.</summary>
    public static string[] Flushed(this RegisterMember member) => member.Turn(member.Persisted());

    /// <summary>A member of three that does not own the key and has taken a command; its promise is
    /// durable.</summary>
    public static (RegisterMember Member, Ballot Ballot) Preparing(params string[] commands)
    {
        int self = OtherThanOwner(3);
        RegisterMember member = RegisterMember.Of(self, 3);
        long request = 0;
        foreach (string command in commands)
            member.Propose(++request, command, WritesK);
        member.Turn();
        member.Flushed();
        return (member, B(2, self));
    }

    /// <summary>The same with a majority of promises: its proposal is durable.</summary>
    public static (RegisterMember Member, Ballot Ballot) Accepting(params string[] commands)
    {
        (RegisterMember member, Ballot ballot) = Preparing(commands);
        member.Turn(member.Receive(Peer(member), Promise(ballot)));
        member.Flushed();
        return (member, ballot);
    }

    /// <summary>Another member of three.</summary>
    public static int Peer(RegisterMember member) => (member.Self.Index + 1) % 3;

    /// <summary>The third of three.</summary>
    public static int Third(RegisterMember member) => (member.Self.Index + 2) % 3;

    /// <summary>Exactly one line of those has all of these words.</summary>
    public static string Says(IEnumerable<string> lines, params string[] words) => Assert.Single(
        lines, line => words.All(word => line.Contains(word, StringComparison.Ordinal)));

    /// <summary>No line has this.</summary>
    public static void SaysNot(IEnumerable<string> lines, string word) =>
        Assert.DoesNotContain(lines, line => line.Contains(word, StringComparison.Ordinal));
}
