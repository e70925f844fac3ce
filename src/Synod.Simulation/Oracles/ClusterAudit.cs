using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The protocol's own audit over all members, fed with what their disks hold for certain:
/// for each member a second kernel that knows exactly that, and is what a restart would
/// give.</summary>
internal sealed class ClusterAudit(World world, GroupId group)
{
    private readonly IProtocol _protocol = world.Protocol;
    private readonly SortedDictionary<int, MemberState> _members = [];
    private EpochDescriptor? _epoch;
    private IProtocolAudit? _audit;

    /// <summary>What the clock of a node shows at this moment.</summary>
    public Func<NodeId, Instant> Clocks { get; set; } = static _ => default;

    /// <summary>Told of what happens seldom.</summary>
    public Action<string>? Notices { get; set; }

    /// <summary>What the protocol calls the commands that the last step has delivered, in their
    /// order; nothing where it has no names for them, or nobody wants words.</summary>
    public Queue<string> Names { get; } = [];

    /// <summary>The group.</summary>
    public GroupId Group => group;

    /// <summary>The nodes of its members.</summary>
    public IReadOnlyList<NodeId> Nodes { get; } = world.Options.MembersOf(group);

    /// <summary>What its keys have been.</summary>
    public KeyHistory Keys { get; } = new(world);

    /// <summary>Whether all members have begun to serve.</summary>
    public bool IsComplete => _members.Count == Nodes.Count;

    /// <summary>Whether a member has lost its disk.</summary>
    public bool HasLost { get; private set; }

    /// <summary>A member's kernel begins a life.</summary>
    public void Began(KernelStart start, IKernel live)
    {
        if (_epoch is not null && _epoch.Id != start.Epoch.Id)
        {
            throw new SimulationViolationException(
                $"{start.Self} serves {start.Epoch.Id} beside {_epoch.Id}");
        }

        _epoch ??= start.Epoch;
        if (_audit is null)
        {
            IReadOnlyList<MemberIdentity> members = start.Epoch.Members;
            _audit = _protocol.Audit(start.Epoch);
            _audit.Clocks = member => Clocks(members[member.Index].Node);
            _audit.Notices = Notices;
            if (world.Trace.HasWords)
                _audit.Names = (_, name) => Names.Enqueue(name);
        }

        if (!_members.TryGetValue(start.Self.Index, out MemberState? state))
            _members[start.Self.Index] = state = new MemberState(start, _protocol.Create(start));
        state.Live = live;
        state.Appended = state.Durable;
        _audit.Began(start.Self, live, state.OnDisk);
    }

    /// <summary>A member's life has ended.</summary>
    public void Ended(Member member)
    {
        _members[member.Index].Live = null;
        _audit?.Ended(member);
    }

    /// <summary>A member's disk is lost.</summary>
    public void Lost(Member member)
    {
        HasLost = true;
        _audit?.Lost(member);
    }

    /// <summary>Records of a member's disk are damaged: what it would give back is told anew, by
    /// <see cref="Left"/> and <see cref="Lacks"/>.</summary>
    public void Damaged(Member member)
    {
        MemberState state = _members[member.Index];
        state.OnDisk = _protocol.Create(state.Start);
        _audit?.Damaged(member);
    }

    /// <summary>A record of the kernel is left after damage.</summary>
    public void Left(Member member, RecordNumber number, ReadOnlySpan<byte> body)
    {
        MemberState state = _members[member.Index];
        if (!state.OnDisk.Recover(number, body))
            throw new SimulationViolationException($"{member} cannot read its record {number}");
        state.Durable = number;
    }

    /// <summary>Records of a member are not left.</summary>
    public void Lacks(Member member, in LostRecords lost) =>
        _members[member.Index].OnDisk.Lost(lost.From, lost.Through, lost.HidesStatement);

    /// <summary>A member's kernel has taken an input.</summary>
    public void Stepped(Member member, Outbox outbox, int first)
    {
        _members[member.Index].Appended = outbox.Appended;
        _audit?.Stepped(member, outbox, first);
    }

    /// <summary>A member's kernel is about to be asked for a read.</summary>
    public void Reads(Member member, RequestId request, in Footprint footprint) =>
        _audit?.Reads(member, request, footprint);

    /// <summary>A member's disk holds one more record of the kernel for certain.</summary>
    public void Recorded(Member member, RecordNumber number, byte[] body)
    {
        MemberState state = _members[member.Index];
        if (!state.OnDisk.Recover(number, body))
            throw new SimulationViolationException($"{member} cannot read its record {number}");

        state.Durable = number;
        _audit?.Durable(member, number, body);
    }

    /// <summary>A frame leaves a member.</summary>
    public void Leaves(Member from, NodeId to, ReadOnlySpan<byte> frame)
    {
        if (_epoch?.Members is not { } members)
            return;

        for (int index = 0; index < members.Count; index++)
        {
            if (members[index].Node == to)
                _audit?.Leaves(from, new Member((byte)index), frame);
        }
    }

    /// <summary>A member's kernel is about to take a frame.</summary>
    public void Arrives(Member from, Member target, ReadOnlySpan<byte> frame) =>
        _audit?.Arrives(from, target, frame);

    /// <summary>Looks at everything; and where all that a kernel appended is on its disk, what the
    /// disk would give back is what the kernel has.</summary>
    public void Check()
    {
        _audit?.Check();
        foreach ((int member, MemberState state) in _members)
        {
            if (state.Live is null || state.Appended != state.Durable)
                continue;

            StateHash live = default;
            StateHash onDisk = default;
            state.Live.Digest(ref live);
            state.OnDisk.Digest(ref onDisk);
            if (live.Value == onDisk.Value)
                continue;

            throw new SimulationViolationException(
                $"m{member} has another state than its disk");
        }
    }

    private sealed class MemberState(KernelStart start, IKernel onDisk)
    {
        public KernelStart Start => start;

        /// <summary>What the disk alone would give back.</summary>
        public IKernel OnDisk { get; set; } = onDisk;

        public IKernel? Live { get; set; }

        public RecordNumber Appended { get; set; }

        public RecordNumber Durable { get; set; }
    }
}
