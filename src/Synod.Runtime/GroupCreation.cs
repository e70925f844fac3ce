using Synod.Abstractions;
using Synod.Kernel;
using static Synod.Kernel.DurabilityText;

namespace Synod.Runtime;

/// <summary>How a group gets its first epoch (safety §5): the creator, the lowest node of the
/// configuration, collects the incarnation of every member, writes the descriptor with fresh
/// randomness and asks all to persist it. A member persists at most one creation and refuses
/// another, naming both. The group serves only when all have persisted the same one.</summary>
internal sealed class GroupCreation(IReplicaHost host, GroupOptions options, RecordMap records)
{
    private const int RefusalsToldMax = 100;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private HashSet<NodeId>? _persisted;
    private HashSet<string>? _told;
    private RecordNumber _epochRecord;
    private RecordNumber _servingRecord;

    private enum RecordKind : byte
    {
        Epoch = 1,
        Serving = 2,
    }

    /// <summary>The first epoch, once it is appended here.</summary>
    public EpochDescriptor? Epoch { get; private set; }

    /// <summary>Whether the group serves: durably known here.</summary>
    public bool IsServing => _servingRecord > default(RecordNumber)
        && _servingRecord <= records.Durable;

    /// <summary>When to look again.</summary>
    public Instant WakeAt { get; private set; } = Instant.Never;

    private FrameBuffer Buffer => host.Buffers.Frame;

    private NodeId Self => host.Node.Identity.Member.Node;

    private NodeId Creator => options.Members.MinBy(static node => node.Number);

    /// <summary>Takes back an own record.</summary>
    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
    {
        FrameReader reader = new(body);
        reader.Require(reader.ReadByte() == 1);
        RecordKind kind = (RecordKind)reader.ReadByte();
        EpochDescriptor epoch = EpochDescriptor.ReadFrom(ref reader);
        bool isServing = kind == RecordKind.Serving;
        if (!reader.IsComplete || (kind != RecordKind.Epoch && !isServing))
            return false;

        // Each says all of it, so either may be the only one that is left.
        if (Epoch is null)
        {
            Epoch = host.Shapes.Share(epoch);
            _epochRecord = number;
        }

        if (isServing)
            _servingRecord = number;
        return isServing || _epochRecord == number;
    }

    /// <summary>Goes on from what was recovered.</summary>
    public void Start(Instant now)
    {
        if (IsServing)
            return;

        TryCreate();
        Persisted(now);
        Nudge(now);
    }

    /// <summary>Another node is connected.</summary>
    public void PeerUp(Instant now)
    {
        if (IsServing)
            return;

        TryCreate();
        Nudge(now);
    }

    /// <summary>A node of this name has connected that is not the member: its disk is another, or
    /// it had none. It is told so, because it cannot find out by itself why nobody counts it.
    /// </summary>
    public void Disown(PeerIdentity stranger)
    {
        if (Epoch?.Find(stranger.Member.Node) is not Member member)
            return;

        string text = $"{stranger.Member} is not the member {Epoch.Members[member.Index]} of "
            + $"{Epoch.Id} of {options.Id}: it has lost its disk, or never had one. It does not "
            + "vote and is not counted, as long as it is not admitted anew.";
        Buffer.Clear();
        Buffer.WriteString(text);
        Send(stranger.Member.Node, NodeFrameKind.CreatedOther, Epoch.Id, Buffer.Written);
        Tell(text);
    }

    /// <summary>Sends again what has not been answered.</summary>
    public void Wake(Instant now) => Nudge(now);

    /// <summary>Own records became durable.</summary>
    public void Persisted(Instant now)
    {
        if (Epoch is null || _epochRecord > records.Durable)
            return;

        if (Self == Creator)
            MarkPersisted(Self);
        if (IsServing)
            SendToAll(NodeFrameKind.Serve, Epoch.Id, default);
        Nudge(now);
    }

    /// <summary>A frame about the creation. It is answered at most once, so that two nodes cannot
    /// keep each other busy; what is lost is sent again by the clock.</summary>
    public void Receive(PeerIdentity from, in NodeFrame head, ReadOnlySpan<byte> rest)
    {
        switch (head.Kind)
        {
            case NodeFrameKind.Create:
                ReceiveCreate(from, rest);
                break;
            case NodeFrameKind.Created when head.Epoch == Epoch?.Id && IsServing:
                Send(from.Member.Node, NodeFrameKind.Serve, Epoch.Id, default);
                break;
            case NodeFrameKind.Created when head.Epoch == Epoch?.Id && Self == Creator:
                if (Epoch.Find(from.Member) is not null)
                    MarkPersisted(from.Member.Node);
                break;
            case NodeFrameKind.Serve when head.Epoch == Epoch?.Id:
                AppendServing();
                break;
            case NodeFrameKind.CreatedOther:
                ReceiveRefusal(from, rest);
                break;
            case NodeFrameKind.Kernel:
            case NodeFrameKind.Request:
            case NodeFrameKind.Response:
            default:
                break;
        }
    }

    private void ReceiveRefusal(PeerIdentity from, ReadOnlySpan<byte> rest)
    {
        FrameReader reader = new(rest);
        string text = reader.ReadString();
        if (reader.IsComplete)
            Tell($"{from.Member.Node} says: {text}");
        else
            Violated(from, "a refusal is a text");
    }

    private void Violated(PeerIdentity from, string rule)
    {
        options.Counters.Violations++;
        host.Notices.Violated(options.Id, from.Member.Node, rule);
    }

    // One node creates, and only when it knows every member by the incarnation of its disk.
    private void TryCreate()
    {
        if (Epoch is not null || Self != Creator)
            return;

        List<MemberIdentity> members = [];
        foreach (NodeId node in options.Members.OrderBy(static node => node.Number))
        {
            if (node == Self)
                members.Add(host.Node.Identity.Member);
            else if (host.Connected.TryGetValue(node.Number, out PeerIdentity peer))
                members.Add(peer.Member);
            else
                return;
        }

        SeededRandom random = new(StableHash.Combine(host.Node.Seed, options.Id.Number));
        UInt128 randomness = new(random.NextBits(), random.NextBits());
        UInt128 change = new(random.NextBits(), random.NextBits());
        AppendEpoch(EpochDescriptor.First(
            Lineage.Origin(host.Node.Cluster, options.Id, randomness), change, Shape(members)));
    }

    private EpochDescriptor Shape(IReadOnlyList<MemberIdentity> members) => new()
    {
        Id = default,
        Protocol = options.Protocol.Name,
        Members = members,
        Parameters = ParametersOf(options.Machine.Version),
    };

    // What this release can serve, and nothing that it could not honour.
    private EpochParameters ParametersOf(int machineVersion) => new()
    {
        Machine = options.Machine.Name,
        MachineVersion = machineVersion,
        Durability = options.Durability,
        Lease = options.Lease,
    };

    private void ReceiveCreate(PeerIdentity from, ReadOnlySpan<byte> rest)
    {
        FrameReader reader = new(rest);
        EpochDescriptor offered = EpochDescriptor.ReadFrom(ref reader);
        if (!reader.IsComplete)
        {
            Violated(from, "a creation is well-formed");
            return;
        }

        string? objection = ObjectionTo(offered);
        if (objection is not null)
        {
            Buffer.Clear();
            Buffer.WriteString(objection);
            Send(from.Member.Node, NodeFrameKind.CreatedOther, offered.Id, Buffer.Written);
            Tell(objection);
        }
        else if (Epoch is null)
        {
            AppendEpoch(offered);
        }
        else if (_epochRecord <= records.Durable)
        {
            Send(from.Member.Node, NodeFrameKind.Created, offered.Id, default);
        }
    }

    // Whoever was refused asks again; the operator reads it once.
    private void Tell(string refusal)
    {
        _told ??= [];
        if (_told.Count < RefusalsToldMax && _told.Add(refusal))
            host.Notices.Refused(options.Id, refusal);
    }

    private string? ObjectionTo(EpochDescriptor offered)
    {
        string what = $"{Self} refuses the creation {offered.Id} of {options.Id}";
        if (Epoch is not null)
        {
            return Epoch.Id == offered.Id
                ? null
                : $"{what}: it has persisted the creation {Epoch.Id}. One of the two is from "
                    + "another cluster or from before a disk was wiped.";
        }

        if (offered.Find(host.Node.Identity.Member) is null)
        {
            return $"{what}: it names other members or another incarnation than "
                + $"{host.Node.Identity.Member}.";
        }

        if (offered.Parameters.Durability != options.Durability)
        {
            return $"{what}: its durability is {NameOf(offered.Parameters.Durability)}, and this "
                + $"node is configured for {NameOf(options.Durability)}. All members must have the "
                + "same: what one only has in memory counts for nobody who must not lose it.";
        }

        HashSet<NodeId> nodes = [.. offered.Members.Select(static member => member.Node)];
        bool fits = offered.Protocol == options.Protocol.Name
            && offered.Parameters.Machine == options.Machine.Name
            && offered.Parameters.MachineVersion <= options.Machine.Version
            && offered.Parameters == ParametersOf(offered.Parameters.MachineVersion)
            && offered.Members.Count == nodes.Count
            && nodes.SetEquals(options.Members);
        return fits
            ? null
            : $"{what}: it is for {offered.Protocol}, machine '{offered.Parameters.Machine}' "
                + $"version {offered.Parameters.MachineVersion}, {nodes.Count} members, promises "
                + $"of {offered.Parameters.Lease.Promise}; this node "
                + $"is configured for {options.Protocol.Name}, '{options.Machine.Name}' version "
                + $"{options.Machine.Version}, {options.Members.Count} members, promises of "
                + $"{options.Lease.Promise}. Make them equal.";
    }

    private void MarkPersisted(NodeId node)
    {
        // Those who come late are told that it serves.
        if (_servingRecord > default(RecordNumber))
            return;

        _persisted ??= [];
        _persisted.Add(node);
        if (Epoch is null || _persisted.Count < Epoch.Members.Count)
            return;

        _persisted = null;
        AppendServing();
    }

    private void AppendEpoch(EpochDescriptor epoch)
    {
        Epoch = host.Shapes.Share(epoch);
        _epochRecord = Append(RecordKind.Epoch, epoch);
    }

    private void AppendServing()
    {
        if (_servingRecord == default && Epoch is EpochDescriptor epoch)
            _servingRecord = Append(RecordKind.Serving, epoch);
    }

    private RecordNumber Append(RecordKind kind, EpochDescriptor epoch)
    {
        Buffer.Clear();
        Buffer.WriteByte(1);
        Buffer.WriteByte((byte)kind);
        epoch.WriteTo(Buffer);
        RecordNumber number = records.Appended.Next();
        RecordHeader header =
            new(options.Id, epoch.Id, number, RecordOwner.Runtime, IsStatement: true);
        records.Append(host.Log, header, Buffer.Written, default);
        return number;
    }

    // What is said here rests on the durable record of the epoch.
    private void Nudge(Instant now)
    {
        WakeAt = IsServing ? Instant.Never : now + RetryAfter;
        if (Epoch is null || IsServing || _epochRecord > records.Durable)
            return;

        if (Self != Creator)
        {
            SendToAll(NodeFrameKind.Created, Epoch.Id, default);
            return;
        }

        Buffer.Clear();
        Epoch.WriteTo(Buffer);
        bool isDone = _servingRecord > default(RecordNumber);
        foreach (MemberIdentity member in Epoch.Members)
        {
            if (!isDone && _persisted?.Contains(member.Node) != true)
                Send(member.Node, NodeFrameKind.Create, Epoch.Id, Buffer.Written);
        }
    }

    private void SendToAll(NodeFrameKind kind, EpochId epoch, ReadOnlySpan<byte> rest)
    {
        foreach (NodeId node in options.Members)
            Send(node, kind, epoch, rest);
    }

    private void Send(NodeId to, NodeFrameKind kind, EpochId epoch, ReadOnlySpan<byte> rest)
    {
        if (to == Self)
            return;

        FrameBuffer frame = new();
        new NodeFrame(kind, options.Id, epoch).WriteTo(frame);
        frame.WriteBytes(rest);
        host.Transport.Send(to, frame.Written);
    }
}
