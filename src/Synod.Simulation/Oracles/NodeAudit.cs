using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>Watches one group of one node: what its kernel asks for, what becomes durable, what
/// leaves, what is applied.</summary>
internal sealed class NodeAudit(World world, SimulatedNode node, ClusterAudit cluster)
{
    private const int LifeBytes = sizeof(uint);

    private readonly DeliveryAudit _deliveries = new(world, node.Id);
    private readonly HashSet<CommandIdentity> _done = [];
    private readonly SortedSet<long> _open = [];
    private readonly Dictionary<ulong, (ulong Hash, int Version)> _states = [];
    private readonly List<CommandIdentity> _applications = [];
    private RecordNumber _durable;
    private IKernel? _kernel;
    private Member? _member;
    private bool _isLost;
    private int _applied;
    private int _rebuilt;

    /// <summary>The group.</summary>
    public GroupId Group => cluster.Group;

    /// <summary>Whether commands come to the machine in one order. If not it runs them as often as
    /// rounds need it, and what comes of it is learned.</summary>
    public bool IsOrdered => world.Protocol.IsOrdered;

    /// <summary>What the node last said of its replica.</summary>
    public ReplicaStatus? Told { get; set; }

    /// <summary>The log of the process.</summary>
    public AuditedLog? Log { get; set; }

    /// <summary>Whether its kernel takes itself for the leader.</summary>
    public bool Leads => _kernel?.Status.Role == KernelRole.Leading;

    /// <summary>The same, or whether it is one of those that serve where nobody leads.</summary>
    public bool Serves => Leads || _kernel?.Status.Role == KernelRole.Serving;

    /// <summary>The newest position in the log of its kernel.</summary>
    public long Last => _kernel?.Status.Last ?? 0;

    /// <summary>A digest of the states of all keys, byte for byte, as the machine has made
    /// them.</summary>
    public ulong StateDigest { get; private set; }

    /// <summary>How often a command was ordered that had been ordered before.</summary>
    public int Repeats => _deliveries.Repeats;

    /// <summary>Requests that the kernel was asked in this life and that have no end: the numbers
    /// of the oldest.</summary>
    public IEnumerable<long> Open => _open.Take(3);

    /// <summary>The kernel is about to be asked for something.</summary>
    public void Asks(RequestId request)
    {
        if (request != default && !_open.Add(request.Number))
            throw world.Violated($"{node.Id} is asked {request} twice");
    }

    /// <summary>The kernel begins a life.</summary>
    public void Began(KernelStart start, IKernel kernel)
    {
        if (_isLost)
            throw world.Violated($"{node.Id} serves although its disk was lost");

        _kernel = kernel;
        _member = start.Self;
        _applications.Clear();
        BeginMachine();
        world.Trace.Note(TraceKind.Began, node.Id, start.Life.Number, Word($"{start.Life}"));
        cluster.Began(start, kernel);
    }

    /// <summary>The machine has lost its state: it must be made anew from all that it had applied,
    /// in the same order, before it does anything else.</summary>
    public void MachineBegan()
    {
        if (IsOrdered)
            BeginMachine();
        _rebuilt = _applications.Count;
        node.Audit.Desk.Ended(Group);
    }

    /// <summary>How often the state of a key has become another one.</summary>
    public long VersionOf(ulong key) => _states.GetValueOrDefault(key).Version;

    /// <summary>The kernel's life has ended.</summary>
    public void Ended()
    {
        node.Audit.Desk.Ended(Group);
        if (_member is Member member && _kernel is not null)
            cluster.Ended(member);
        _kernel = null;
        Told = null;
        _deliveries.Clear();
        _done.Clear();
        _open.Clear();
    }

    /// <summary>The disk of the member is lost.</summary>
    public void Lost()
    {
        if (_member is Member member && !_isLost)
            cluster.Lost(member);
        _isLost = true;

        // Who has lost everything is not repaired.
        Health = KernelHealth.Whole;
    }

    /// <summary>What damage has left of the voice of the kernel, as it last told.</summary>
    public KernelHealth Health { get; private set; }

    /// <summary>Records of the disk are damaged; those that are left are told now.</summary>
    public void Damaged()
    {
        if (_member is Member member && !_isLost)
            cluster.Damaged(member);
    }

    /// <summary>A record is left after damage.</summary>
    public void Left(in RecordHeader header, ReadOnlySpan<byte> body)
    {
        _durable = header.Number > _durable ? header.Number : _durable;
        if (header.Owner == RecordOwner.Kernel && _member is Member member && !_isLost)
            cluster.Left(member, header.Number, body);
    }

    /// <summary>Records are not left.</summary>
    public void Lacks(in LostRecords lost)
    {
        if (_member is Member member && !_isLost)
            cluster.Lacks(member, lost);
    }

    /// <summary>The kernel has taken an input.</summary>
    public void Stepped(Outbox outbox, int first)
    {
        if (_member is not Member member)
            return;

        cluster.Stepped(member, outbox, first);
        foreach (ref readonly Effect effect in outbox.Effects[first..])
        {
            if (IsEnd(effect.Kind) && effect.Request != default)
                Ends(effect);
            if (effect.Kind is EffectKind.Deliver or EffectKind.ReadReady)
                _deliveries.Asked(effect, cluster.Names);
            else if (effect.Kind == EffectKind.WakeAt && effect.Time == Instant.Never)
                world.RestsNow();
        }
    }

    private static bool IsEnd(EffectKind kind) => kind is EffectKind.Deliver or EffectKind.Done
        or EffectKind.ReadReady or EffectKind.Reject or EffectKind.Abandon
        or EffectKind.TransferEnded;

    // Each request ends once.
    private void Ends(in Effect effect)
    {
        if (!_open.Remove(effect.Request.Number))
        {
            throw world.Violated(
                $"{node.Id} ends {effect.Request} with {effect.Kind}, which is not open");
        }
    }

    /// <summary>The kernel was asked to move leadership, or to leave it.</summary>
    public void Ordered(TransferOrder order, KernelStatus status)
    {
        if (order.IsCancel && status.Successor is not null)
            throw world.Violated($"{node.Id} hands over to {status.Successor} after a cancel");
    }

    /// <summary>The kernel hands leadership over of its own accord.</summary>
    public void HandsOver() => world.Count("a leader with a slow disk handed over");

    /// <summary>A record is on the disk for certain.</summary>
    public void Recorded(RecordHeader header, byte[] body)
    {
        if (_isLost)
            return;

        _durable = header.Number;
        world.Trace.Note(TraceKind.Durable, node.Id, header.Number.Number);
        if (header.Owner == RecordOwner.Kernel && _member is Member member)
            cluster.Recorded(member, header.Number, body);
    }

    /// <summary>The kernel is about to take a frame.</summary>
    public void Arrives(Member from, ReadOnlySpan<byte> frame)
    {
        if (_member is Member member)
            cluster.Arrives(from, member, frame);
    }

    /// <summary>The kernel is about to be asked for a read.</summary>
    public void Reads(RequestId request, in Footprint footprint)
    {
        if (_member is Member member)
            cluster.Reads(member, request, footprint);
    }

    /// <summary>All records of the turn are appended: what was delivered can be read. Told at each
    /// flush, and by the machine, which runs behind that also where nothing is flushed.</summary>
    public void TurnEnds()
    {
        if (Log is not null)
            _deliveries.TurnEnds(Group, Log);
    }

    /// <summary>A frame leaves for a peer.</summary>
    public void Leaves(NodeId peer, ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        NodeFrame head = NodeFrame.ReadFrom(ref reader);
        if (head.Kind != NodeFrameKind.Kernel)
            CheckCreation(head.Kind);
        else if (_member is Member member)
            cluster.Leaves(member, peer, frame[(reader.Position + LifeBytes)..]);
    }

    /// <summary>The machine is about to apply a command: it must be the next one that was
    /// delivered, but for those that are repeated or out of order, all up to it must be on the
    /// disk, and it must be the first time in this life.</summary>
    public void Applies(CommandIdentity identity)
    {
        if (!IsOrdered)
        {
            Runs(identity);
            return;
        }

        if (_applied < _rebuilt)
        {
            if (_applications[_applied] != identity)
                throw world.Violated($"{node.Id} rebuilds its machine with {identity}");
            _applied++;
            return;
        }

        _applied++;
        _applications.Add(identity);
        TurnEnds();
        string name = _deliveries.GoTo(identity, _durable);
        world.Trace.Note(
            TraceKind.Applied,
            node.Id,
            _applied,
            world.Trace.HasWords ? Word($"{identity}{name}") : "");
        if (!_done.Add(identity))
            throw world.Violated($"{node.Id} applies {identity} twice");
    }

    /// <summary>The machine is about to answer a read: all that was delivered before it must be on
    /// the disk.</summary>
    public void Answers()
    {
        if (_applied < _rebuilt)
            throw world.Violated($"{node.Id} answers while its machine is made anew");

        TurnEnds();
        _deliveries.GoTo(null, _durable);
    }

    /// <summary>A whole machine has answered a command: what conflicts has one order, so all answer
    /// the same.</summary>
    public void Answers(CommandIdentity identity, ReadOnlySpan<byte> result)
    {
        ulong command = StableHash.Combine(identity.Session.Unique, (ulong)identity.Sequence);
        StateDigest = unchecked(StateDigest + StableHash.Of(result, command));
    }

    /// <summary>A key has another state here, where commands have no order.</summary>
    public void Learned(ulong key, int version, ReadOnlySpan<byte> state)
    {
        (ulong Hash, int Version) before = _states.GetValueOrDefault(key);
        if (version <= before.Version)
            throw world.Violated($"{node.Id} learns state {version} after {before.Version}");

        ulong next = StableHash.Of(state, key);
        StateDigest = unchecked(StateDigest - before.Hash + next);
        _states[key] = (next, version);
        cluster.Keys.Becomes(node.Id, key, version, state);
    }

    /// <summary>A frame between nodes in words.</summary>
    public string Describe(ReadOnlySpan<byte> frame)
    {
        FrameReader reader = new(frame);
        NodeFrame head = NodeFrame.ReadFrom(ref reader);
        return head.Kind == NodeFrameKind.Kernel && _kernel is not null
            ? _kernel.DescribeFrame(frame[(reader.Position + LifeBytes)..])
            : head.Kind.ToString();
    }

    /// <summary>A record in words.</summary>
    public string Describe(in RecordHeader header, ReadOnlySpan<byte> record) =>
        header.Owner == RecordOwner.Kernel && _kernel is not null
            ? Word(_kernel.DescribeRecord(record))
            : "creation";

    /// <summary>A key has a state from now on.</summary>
    public void Becomes(ulong key, ReadOnlySpan<byte> state)
    {
        (ulong Hash, int Version) before = _states.GetValueOrDefault(key);
        ulong next = StableHash.Of(state, key);
        bool isSame = before.Version == 0 ? state.IsEmpty : next == before.Hash;
        int version = isSame ? before.Version : before.Version + 1;
        StateDigest = unchecked(StateDigest - before.Hash + next);
        _states[key] = (next, version);
        if (!isSame)
            cluster.Keys.Becomes(node.Id, key, version, state);
    }

    /// <summary>The kernel has another role, or another health.</summary>
    public void RoleChanged(KernelStatus status, NodeId? leader)
    {
        if (Health != status.Health)
            world.Count($"a member became {status.Health.ToString().ToLowerInvariant()}");
        Health = status.Health;
        string text = world.Trace.HasWords
            ? Word($"{status.Role} term {status.Term} leader {leader?.ToString() ?? "unknown"}")
            : "";
        world.Trace.Note(TraceKind.Role, node.Id, status.Term, text);
    }

    /// <summary>The node does not serve the group. A stranger is refused, and no other; and
    /// nobody's machine fails.</summary>
    public void Refused(string reason)
    {
        if (reason.Contains("its creation is not in the log", StringComparison.Ordinal))
            throw new DiskLostException();
        if (!cluster.HasLost || reason.StartsWith("Machine ", StringComparison.Ordinal))
            throw world.Violated($"{node.Id} refuses: {reason}");
    }

    private void Runs(CommandIdentity identity)
    {
        _applied++;
        world.Trace.Note(
            TraceKind.Applied, node.Id, _applied, world.Trace.HasWords ? Word($"{identity}") : "");
    }

    private void BeginMachine()
    {
        _applied = 0;
        _rebuilt = 0;
        StateDigest = 0;
        _states.Clear();
    }

    // The first group needs no name.
    private string Word(string text) => Group.Number == 1 ? text : $"{Group} {text}";

    // Safety §5: what a member says of the creation rests on its durable record of the epoch, and
    // that the group serves on its second record.
    private void CheckCreation(NodeFrameKind kind)
    {
        long needed = kind switch
        {
            NodeFrameKind.Create or NodeFrameKind.Created => 1,
            NodeFrameKind.Serve => 2,
            _ => 0,
        };
        if (!_isLost && _durable.Number < needed)
            throw world.Violated($"{node.Id} sends {kind}, durable is {_durable}");
    }
}
