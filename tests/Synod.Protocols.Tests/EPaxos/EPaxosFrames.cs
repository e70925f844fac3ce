using System.Text;
using Synod.EPaxos;
using Synod.Kernel;

namespace Synod.Protocols.Tests.EPaxos;

/// <summary>Frames of peers, in few words. Unless another footprint is named a command writes the
/// key k.</summary>
internal static class EPaxosFrames
{
    public static Footprint K => Footprint.Writes("k"u8);

    public static Footprint L => Footprint.Writes("l"u8);

    public static Ballot B(long round, int proposer) => new(round, new Member((byte)proposer));

    public static InstanceId Id(int owner, long slot) => new(new Member((byte)owner), slot);

    public static EPaxosCover Cover(params long[] slots) => EPaxosCover.Of(slots);

    public static EPaxosValue Command(string command, Footprint? footprint = null) => new(
        EPaxosValueKind.Command,
        footprint ?? K,
        Encoding.UTF8.GetByteCount(command),
        IsCarried: true);

    public static byte[] PreAccept(
        InstanceId id,
        string command,
        EPaxosCover initial = default,
        Footprint? footprint = null) =>
        Encode(
            new PreAccept { Id = id, Value = Command(command, footprint), Initial = initial },
            command);

    public static byte[] PreAcceptOk(InstanceId id, EPaxosCover dep = default) =>
        Encode(new PreAcceptOk { Id = id, Dep = dep });

    public static byte[] Accept(
        InstanceId id, Ballot ballot, string command, EPaxosCover dep = default) => Encode(
        new Accept { Id = id, Ballot = ballot, Value = Command(command), Dep = dep }, command);

    public static byte[] AcceptNoOp(InstanceId id, Ballot ballot) => Encode(new Accept
    {
        Id = id,
        Ballot = ballot,
        Value = EPaxosValue.NoOp,
        Dep = default,
    });

    public static byte[] AcceptOk(InstanceId id, Ballot ballot) =>
        Encode(new AcceptOk { Id = id, Ballot = ballot });

    public static byte[] Commit(
        InstanceId id, string command, EPaxosCover dep = default, Ballot ballot = default) =>
        Encode(
            new Commit { Id = id, Ballot = ballot, Value = Command(command), Dep = dep },
            command);

    public static byte[] CommitNoOp(InstanceId id, Ballot ballot) => Encode(new Commit
    {
        Id = id,
        Ballot = ballot,
        Value = EPaxosValue.NoOp,
        Dep = default,
    });

    public static byte[] Recover(InstanceId id, Ballot ballot) =>
        Encode(new Recover { Id = id, Ballot = ballot });

    /// <summary>Promises, and knows nothing.</summary>
    public static byte[] Blank(InstanceId id, Ballot ballot) => Encode(new RecoverOk
    {
        Id = id,
        Ballot = ballot,
        AcceptedIn = default,
        Phase = EPaxosPhase.Initial,
        Value = default,
        Dep = default,
        Initial = default,
    });

    /// <summary>Promises, and has pre-accepted.</summary>
    public static byte[] PreAccepted(
        InstanceId id, Ballot ballot, string command, (EPaxosCover Dep, EPaxosCover Initial) known)
        => Encode(
            new RecoverOk
            {
                Id = id,
                Ballot = ballot,
                AcceptedIn = default,
                Phase = EPaxosPhase.PreAccepted,
                Value = Command(command),
                Dep = known.Dep,
                Initial = known.Initial,
            },
            command);

    /// <summary>Promises, and has accepted.</summary>
    public static byte[] Accepted(
        InstanceId id,
        (Ballot Asked, Ballot In) ballots,
        string? command,
        EPaxosCover dep = default) => Encode(
            new RecoverOk
            {
                Id = id,
                Ballot = ballots.Asked,
                AcceptedIn = ballots.In,
                Phase = EPaxosPhase.Accepted,
                Value = command is null ? EPaxosValue.NoOp : Command(command),
                Dep = dep,
                Initial = default,
            },
            command ?? "");

    public static byte[] Validate(
        InstanceId id, Ballot ballot, string command, EPaxosCover initial = default) => Encode(
        new Validate { Id = id, Ballot = ballot, Value = Command(command), Initial = initial },
        command);

    public static byte[] ValidateOk(
        InstanceId id, Ballot ballot, params UncoveredInstance[] uncovered) =>
        Encode(new ValidateOk { Id = id, Ballot = ballot, Uncovered = uncovered });

    public static byte[] Waiting(InstanceId id, int count) =>
        Encode(new Waiting { Id = id, Count = count });

    public static byte[] TryRecover(InstanceId id) => Encode(new TryRecover { Id = id });

    public static byte[] Nack(InstanceId id, Ballot ballot) =>
        Encode(new Nack { Id = id, Ballot = ballot });

    public static byte[] Gathered(long ticket, EPaxosCover conflicts, uint life = 1) =>
        Encode(new Gathered { Ticket = new GatherTicket(1, life, ticket), Conflicts = conflicts });

    public static byte[] Saved(params long[] slots) => Encode(new Saved(Cover(slots)));

    public static byte[] Used(long last, uint life = 1) =>
        Encode(new Used(new GatherTicket(1, life, 0), last));

    /// <summary>Messages in one frame, each with a command of so many bytes at its end.</summary>
    public static byte[] Bundle(params (byte[] Message, int Command)[] parts)
    {
        FrameBuffer heads = new();
        FrameBuffer commands = new();
        foreach ((byte[] message, int command) in parts)
        {
            Synod.EPaxos.Bundle.Add(heads, new Encoded(message[..^command]), command);
            commands.WriteBytes(message.AsSpan(message.Length - command));
        }

        FrameBuffer frame = new();
        new Bundle(parts.Length, heads.Written).WriteTo(frame);
        return [.. frame.Written, .. commands.Written];
    }

    public static byte[] Encode<T>(in T message, string command = "")
        where T : struct, IWire, allows ref struct
    {
        FrameBuffer buffer = new();
        message.WriteTo(buffer);
        buffer.WriteBytes(Encoding.UTF8.GetBytes(command));
        return buffer.Written.ToArray();
    }

    private readonly record struct Encoded(byte[] Bytes) : IWire
    {
        public void WriteTo(FrameBuffer buffer) => buffer.WriteBytes(Bytes);
    }
}
