using Synod.Kernel;

namespace Synod.Protocols.Tests.Groups;

/// <summary>A real kernel over a log in memory, driven by hand. It does what a runtime does: keeps
/// records, holds back what is gated, runs the ordered stream. Every input returns the effects it
/// had as trace text, whole but for the wakes: see <see cref="Due"/>.</summary>
internal abstract partial class GroupMember
{
    private readonly GroupSetup _setup;
    private readonly MemberLog _log = new();
    private readonly List<(RecordNumber Gate, MemberSet To, byte[] Frame)> _held = [];
    private readonly Queue<(RecordNumber Gate, byte[]? Command, RequestId Request)> _stream = [];
    private readonly Dictionary<RequestId, byte[]> _commands = [];
    private readonly Queue<(RequestId Request, byte[] State)> _toRun = [];
    private IKernel _kernel;
    private IKernel _onDisk;
    private RecordNumber _told;
    private uint _life;

    /// <summary>A member that is down.</summary>
    protected GroupMember(int self, GroupSetup setup)
    {
        Self = new Member((byte)self);
        _setup = setup;
        _kernel = Create();
        _onDisk = Create();
    }

    public Member Self { get; }

    public virtual IKernel Kernel => _kernel;

    /// <summary>A kernel that was given what is durable, and never started.</summary>
    public virtual IKernel OnDisk => _onDisk;

    public Outbox Outbox { get; private set; } = new();

    /// <summary>The clock of this member.</summary>
    public Instant Now { get; set; }

    /// <summary>When it asked to be woken.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>The newest record that would survive a crash.</summary>
    public RecordNumber Durable { get; private set; }

    public RecordNumber Appended => Outbox.Appended;

    /// <summary>Whether the kernel knows that all it appended is durable.</summary>
    public bool IsFlushed => _told == Appended;

    public bool IsUp { get; private set; }

    /// <summary>Whether it takes commands, as far as it knows.</summary>
    public bool Leads =>
        Kernel.Status is { Role: KernelRole.Leading or KernelRole.Serving } status
        && status.Health != KernelHealth.Voiceless;

    private Turn Turn => new(Now);

    private IWorld? World => _setup.World;

    public string[] Receive(int from, byte[] frame)
    {
        Kernel.Receive(Turn, new Member((byte)from), frame, Outbox);
        return Perform(frame);
    }

    public string[] Wake()
    {
        Due = Instant.Never;
        Kernel.Wake(Turn, Outbox);
        return Perform();
    }

    /// <summary>Lets time pass until it wakes.</summary>
    public string[] WakeWhenDue()
    {
        Now = Due;
        return Wake();
    }

    /// <summary>Where there is no order: runs the commands that wait for it, first.</summary>
    public string[] Settle()
    {
        List<string> lines = [];
        while (_toRun.TryDequeue(out (RequestId Request, byte[] State) next))
        {
            KeyState before = KeyState.Of(next.State);
            byte[] after = Run(_commands[next.Request], before.State);
            KeyState state = new() { Key = before.Key, Ballot = before.Ballot, State = after };
            Kernel.Evaluated(Turn, next.Request, state, Outbox);
            lines.AddRange(Perform());
        }

        Kernel.Settle(Turn, Outbox);
        return [.. lines, .. Perform()];
    }

    public string[] PeerUp(int peer)
    {
        Kernel.PeerUp(Turn, new Member((byte)peer), Outbox);
        return Perform();
    }

    public string[] PeerDown(int peer)
    {
        Kernel.PeerDown(Turn, new Member((byte)peer), Outbox);
        return Perform();
    }

    public string[] Propose(long request, string command) =>
        Propose(request, System.Text.Encoding.UTF8.GetBytes(command));

    public string[] Propose(long request, byte[] command)
    {
        _commands[new RequestId(request)] = command;
        Payload payload = Payload.Transient(0, command.Length);
        Kernel.Propose(Turn, new RequestId(request), payload, _setup.Writes, Outbox);
        return Perform(command);
    }

    public string[] Propose(long request, string command, Footprint footprint)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(command);
        _commands[new RequestId(request)] = bytes;
        Payload payload = Payload.Transient(0, bytes.Length);
        Kernel.Propose(Turn, new RequestId(request), payload, footprint, Outbox);
        return Perform(bytes);
    }

    public string[] Read(long request, Footprint footprint)
    {
        Kernel.Read(Turn, new RequestId(request), footprint, Outbox);
        return Perform();
    }

    public string[] Read(long request)
    {
        Kernel.Read(Turn, new RequestId(request), _setup.Reads, Outbox);
        return Perform();
    }

    public string[] Transfer(long request, TransferOrder order)
    {
        Kernel.Transfer(Turn, new RequestId(request), order, Outbox);
        return Perform();
    }

    /// <summary>The log has grown long.</summary>
    public string[] Checkpoint()
    {
        Kernel.Checkpoint(Turn, Outbox);
        return Perform();
    }

    /// <summary>The first record that it has not released.</summary>
    public long Floor => _log.Floor;

    public string[] Pressure(StoragePressure pressure)
    {
        Kernel.Pressure(Turn, pressure, Outbox);
        return Perform();
    }

    /// <summary>Flushes all, and says so.</summary>
    public string[] Persisted()
    {
        Flush(Appended);
        return SayPersisted();
    }

    /// <summary>Makes records durable: what they gated leaves. The kernel is not told.</summary>
    public void Flush(RecordNumber through)
    {
        while (Durable < through)
            BecomeDurable(Durable.Next());
        foreach ((RecordNumber gate, MemberSet to, byte[] frame) in _held)
        {
            if (gate <= Durable)
                World?.Leaves(this, to, frame);
        }

        _held.RemoveAll(held => held.Gate <= Durable);
        RunStream();
    }

    public string[] SayPersisted()
    {
        _told = Durable;
        Kernel.Persisted(Turn, Durable, Outbox);
        return Perform();
    }

    /// <summary>Crashes: of what was not durable the first <paramref name="lucky"/> records
    /// survive.</summary>
    public void Crash(int lucky = 0)
    {
        _log.Cut(checked((int)Durable.Number) + lucky);
        _held.Clear();
        _stream.Clear();
        _toRun.Clear();
        IsUp = false;
    }

    /// <summary>Loses the disk.</summary>
    public void Wipe() => _log.Clear();

    /// <summary>Damages durable records of a member that is down. Whether a statement may be among
    /// them that is newer than all that are left, nobody can tell if <paramref name="isBlind"/>.
    /// </summary>
    public void Damage(int from, int through, bool isBlind = false) =>
        _log.Damage(from, through, isBlind);

    /// <summary>Begins a new life with the records that are there.</summary>
    public string[] Restart()
    {
        _life++;
        Begins();
        _kernel = Create();
        _onDisk = Create();
        Outbox = new Outbox();
        _log.GiveTo(Kernel);
        _log.GiveTo(OnDisk);
        Durable = new RecordNumber(_log.Count);
        _told = Durable;
        Outbox.Resume(Durable);
        IsUp = true;
        Kernel.Start(Turn, Outbox);
        World?.Began(this);
        return Perform();
    }

    public ulong Digest() => DigestOf(Kernel);

    public static ulong DigestOf(IKernel kernel)
    {
        StateHash hash = default;
        kernel.Digest(ref hash);
        return hash.Value;
    }

    private void BecomeDurable(RecordNumber number)
    {
        byte[] body = _log[number];
        Assert.True(OnDisk.Recover(number, body));
        Durable = number;
        World?.Durable(this, number, body);
    }

    private IKernel Create() => _setup.Protocol.Create(new KernelStart
    {
        Epoch = _setup.Epoch(),
        Self = Self,
        Boot = new Boot(1),
        Life = new Life(_life),
        IsWatched = _setup.IsWatched,
        Snapshot = _snapshot,
        Seed = _setup.Seed + (_life * MemberSet.MembersMax) + Self.Index,
    });

    private string[] Perform(ReadOnlySpan<byte> input = default)
    {
        if (_setup.SettlesEachInput)
            Kernel.Settle(Turn, Outbox);
        World?.Stepped(this);
        string[] lines = World is null ? Describe() : [];
        foreach (ref readonly Effect effect in Outbox.Effects)
        {
            World?.Asked(this, effect);
            Perform(effect, input);
        }

        Outbox.Clear();
        RunStream();
        return lines;
    }

    private string[] Describe() =>
    [
        .. EffectText.Describe(Kernel, Outbox)
            .Where(static line => !line.StartsWith("wake", StringComparison.Ordinal)),
    ];

    private void Perform(in Effect effect, ReadOnlySpan<byte> input)
    {
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                _log.Add(
                    [.. Outbox.Bytes(effect), .. BytesOf(effect.Command, input)],
                    effect.IsStatement);
                break;
            case EffectKind.Send:
                Send(effect, input);
                break;
            case EffectKind.Deliver:
            case EffectKind.ReadReady:
                Enqueue(effect, input);
                break;
            case EffectKind.WakeAt:
                Due = effect.Time;
                break;
            case EffectKind.Evaluate:
                _toRun.Enqueue((effect.Request, Outbox.Bytes(effect).ToArray()));
                break;
            case EffectKind.Learned:
                Learned(KeyState.Of(Outbox.Bytes(effect)));
                break;
            case EffectKind.Done:
                World?.Done(this, effect.Request);
                break;
            case EffectKind.Release:
                _log.Release(effect.Record, effect.Command.Record);
                break;
            case EffectKind.Committed:
            case EffectKind.Reject:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
            case EffectKind.RoleChanged:
            case EffectKind.Violated:
                break;
        }
    }

    private void Enqueue(in Effect effect, ReadOnlySpan<byte> input) => _stream.Enqueue((
        effect.Record,
        effect.Kind == EffectKind.Deliver ? BytesOf(effect.Command, input).ToArray() : null,
        effect.Request));

    private void Send(in Effect effect, ReadOnlySpan<byte> input)
    {
        if (World is null)
            return;

        List<byte> frame = [.. Outbox.Bytes(effect)];
        foreach (Payload payload in Outbox.Payloads(effect))
            frame.AddRange(BytesOf(payload, input));
        if (effect.Record <= Durable)
            World.Leaves(this, effect.Targets, [.. frame]);
        else
            _held.Add((effect.Record, effect.Targets, [.. frame]));
    }

    /// <summary>A command in the log of this member, as text.</summary>
    protected string TextOf(Payload command) =>
        System.Text.Encoding.UTF8.GetString(BytesOf(command, default));

    /// <summary>Where there is no order: the state that a command makes of another.</summary>
    protected virtual byte[] Run(byte[] command, ReadOnlySpan<byte> state) =>
        throw new InvalidOperationException("This protocol orders commands.");

    /// <summary>Where there is no order: a state is chosen.</summary>
    protected virtual void Learned(in KeyState state) =>
        throw new InvalidOperationException("This protocol orders commands.");

    /// <summary>A life begins.</summary>
    protected virtual void Begins()
    {
    }

    /// <summary>Where there is no order: a command is seen to have happened here.</summary>
    protected void Deliver(byte[] command) => World?.Delivered(this, command, default);

    private ReadOnlySpan<byte> BytesOf(Payload payload, ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> source =
            payload.IsTransient ? input : _log[payload.Record];
        return source.Slice(payload.Offset, payload.Length);
    }

    private void RunStream()
    {
        _log.Released(Durable);
        while (_stream.TryPeek(out (RecordNumber Gate, byte[]? Command, RequestId Request) next)
            && next.Gate <= Durable)
        {
            _stream.Dequeue();
            if (next.Command is null)
                World?.ReadRuns(this, next.Request);
            else
                World?.Delivered(this, next.Command, next.Request);
        }
    }
}
