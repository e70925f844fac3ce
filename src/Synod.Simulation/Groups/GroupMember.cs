using System.Text;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A bare kernel over records in memory. It does what a runtime does: keeps records, holds
/// back what is gated, runs the ordered stream.</summary>
internal sealed class GroupMember
{
    private readonly KernelGroup _group;
    private readonly MemberRecords _records = new();
    private readonly List<(RecordNumber Gate, MemberSet To, byte[] Frame)> _held = [];
    private readonly Queue<(RecordNumber Gate, string? Command, RequestId Request)> _stream = [];
    private readonly Queue<(RequestId Request, byte[] State)> _toRun = [];
    private Outbox _outbox = new();
    private IKernel _onDisk;

    /// <summary>A member that has not begun to live.</summary>
    public GroupMember(Member self, KernelGroup group)
    {
        Self = self;
        _group = group;
        Kernel = group.Setup.Create(self, Life);
        _onDisk = Kernel;
    }

    public Member Self { get; }

    public IKernel Kernel { get; private set; }

    public bool IsUp { get; private set; }

    public uint Life { get; private set; }

    /// <summary>When it asked to be woken.</summary>
    public Instant Due { get; private set; } = Instant.Never;

    /// <summary>The newest record that would survive a crash.</summary>
    public RecordNumber Durable { get; private set; }

    /// <summary>The newest record.</summary>
    public RecordNumber Appended => _records.Last;

    /// <summary>Which of its records are damaged.</summary>
    public MemberRecords Records => _records;

    private Turn Turn => new(_group.Now);

    public ReadOnlySpan<byte> Record(RecordNumber number) =>
        _records[number];

    /// <summary>Begins a life with the records that are there.</summary>
    public void Begin()
    {
        Life++;
        Kernel = _group.Setup.Create(Self, Life);
        _onDisk = _group.Setup.Create(Self, Life);
        _outbox = new Outbox();
        Due = Instant.Never;
        bool isTaken = _records.GiveTo(Kernel);
        Invariant.Holds(isTaken && _records.GiveTo(_onDisk), KernelGroup.Comes);
        Durable = Appended;
        _outbox.Resume(Durable);
        IsUp = true;
        Kernel.Start(Turn, _outbox);
        _group.Audit.Began(Self, Kernel, _onDisk);
        Perform(default);
    }

    /// <summary>Ends the life: what is not durable is lost but for the first
    /// <paramref name="kept"/> records, and what was not performed never is.</summary>
    public void End(int kept)
    {
        long left = Math.Min(Durable.Number + kept, Appended.Number);
        _records.CutAfter(new RecordNumber(left));
        _held.Clear();
        _stream.Clear();
        _toRun.Clear();
        IsUp = false;
        Due = Instant.Never;
        _group.Audit.Ended(Self);
    }

    public void Receive(Member from, byte[] frame)
    {
        Kernel.Receive(Turn, from, frame, _outbox);
        Perform(frame);
    }

    public void Wake()
    {
        Due = Instant.Never;
        Kernel.Wake(Turn, _outbox);
        Perform(default);
    }

    /// <summary>Ends the turn. Where there is no order, commands that wait for it run
    /// first.</summary>
    public void Settle()
    {
        while (_toRun.TryDequeue(out (RequestId Request, byte[] State) next))
            Evaluate(next.Request, next.State);
        Kernel.Settle(Turn, _outbox);
        if (_outbox.Effects.Length > 0)
            _group.Trace?.Input($"{Self} settles");
        Perform(default);
    }

    public void Hear(Member peer, bool isUp)
    {
        if (isUp)
            Kernel.PeerUp(Turn, peer, _outbox);
        else
            Kernel.PeerDown(Turn, peer, _outbox);
        Perform(default);
    }

    public void Propose(RequestId request, string command)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(command);
        Payload payload = Payload.Transient(0, bytes.Length);
        Kernel.Propose(Turn, request, payload, _group.Setup.Writes, _outbox);
        Perform(bytes);
    }

    public void Read(RequestId request)
    {
        Kernel.Read(Turn, request, _group.Setup.Reads, _outbox);
        Perform(default);
    }

    public void Transfer(RequestId request, TransferOrder order)
    {
        Kernel.Transfer(Turn, request, order, _outbox);
        Perform(default);
    }

    public void Feel(StoragePressure pressure)
    {
        Kernel.Pressure(Turn, pressure, _outbox);
        Perform(default);
    }

    /// <summary>Makes records durable: what they gated leaves.</summary>
    public void Flush(RecordNumber through)
    {
        BecomeDurable(through);
        foreach ((RecordNumber gate, MemberSet to, byte[] frame) in _held)
        {
            if (gate > Durable)
                continue;

            _group.Trace?.Outcome($"leaves for {to} {Kernel.DescribeFrame(frame)}");
            _group.Leaves(this, to, frame);
        }

        _held.RemoveAll(held => held.Gate <= Durable);
        RunStream();
    }

    /// <summary>Makes records durable and performs nothing of what they gated.</summary>
    public void BecomeDurable(RecordNumber through)
    {
        while (Durable < through)
        {
            Durable = Durable.Next();
            Invariant.Holds(_onDisk.Recover(Durable, Record(Durable)), KernelGroup.Comes);
            _group.Audit.Durable(Self, Durable, Record(Durable));
        }
    }

    /// <summary>Tells the kernel what is durable.</summary>
    public void SayPersisted()
    {
        Kernel.Persisted(Turn, Durable, _outbox);
        Perform(default);
    }

    /// <summary>Adds all that decides what happens here from now on.</summary>
    public void Digest(ref StateHash hash)
    {
        hash.Add(IsUp ? 1 : 0);
        hash.Add(Due == Instant.Never ? 1 : 0);
        hash.Add(Durable.Number);
        _records.Digest(ref hash);
        Kernel.Digest(ref hash);
        Kernel.DigestVolatile(Turn, ref hash);
        hash.Add(_held.Count);
        foreach ((RecordNumber gate, MemberSet to, byte[] frame) in _held)
        {
            hash.Add(gate.Number);
            hash.Add(to.Bits);
            hash.Add(frame);
        }

        hash.Add(_stream.Count);
        foreach ((RecordNumber gate, string? command, RequestId request) in _stream)
        {
            hash.Add(gate.Number);
            hash.Add(command is null ? 0 : 1);
            hash.Add(request.Number);
        }
    }

    private void Perform(ReadOnlySpan<byte> input)
    {
        _group.Stepped(this, _outbox);
        foreach (ref readonly Effect effect in _outbox.Effects)
        {
            _group.Requests.Answered(Self, effect);
            Perform(effect, input);
        }

        _outbox.Clear();
        RunStream();
    }

    private void Perform(in Effect effect, ReadOnlySpan<byte> input)
    {
        switch (effect.Kind)
        {
            case EffectKind.Persist:
                byte[] record = [.. _outbox.Bytes(effect), .. BytesOf(effect.Command, input)];
                _records.Add(record, effect.IsStatement);
                break;
            case EffectKind.Send:
                Send(effect, input);
                break;
            case EffectKind.Deliver:
                string command = Encoding.UTF8.GetString(BytesOf(effect.Command, input));
                _stream.Enqueue((effect.Record, command, effect.Request));
                break;
            case EffectKind.ReadReady:
                _stream.Enqueue((effect.Record, null, effect.Request));
                break;
            case EffectKind.WakeAt:
                Due = effect.Time;
                break;
            case EffectKind.Evaluate:
                _toRun.Enqueue((effect.Request, _outbox.Bytes(effect).ToArray()));
                break;
            case EffectKind.Learned:
                Learn(KeyState.Of(_outbox.Bytes(effect)));
                break;
            case EffectKind.Done:
                _group.Requests.Done(Self, effect.Request);
                break;
            case EffectKind.Committed:
            case EffectKind.Release:
            case EffectKind.Reject:
            case EffectKind.Abandon:
            case EffectKind.TransferEnded:
            case EffectKind.RoleChanged:
            case EffectKind.Violated:
                break;
        }
    }

    private void Evaluate(RequestId id, byte[] asked)
    {
        KeyState before = KeyState.Of(asked);
        if (_group.Requests.Find(id) is not GroupRequest request)
            return;

        byte[] after = GroupKey.Run(request, before.State);
        KeyState state = new() { Key = before.Key, Ballot = before.Ballot, State = after };
        Kernel.Evaluated(Turn, id, state, _outbox);
        Perform(default);
    }

    // Each state of the key goes on from the one before: what is longer is new here.
    private void Learn(in KeyState state)
    {
        IReadOnlyList<string> commands = GroupKey.CommandsIn(state.State);
        int known = _group.Requests.AppliedBy(Self).Count;
        foreach (string command in commands.Skip(known))
        {
            _group.Trace?.Outcome($"runs \"{command}\"");
            _group.Requests.Runs(Self, command, default);
        }
    }

    private void Send(in Effect effect, ReadOnlySpan<byte> input)
    {
        FrameBuffer whole = new();
        whole.WriteBytes(_outbox.Bytes(effect));
        foreach (Payload payload in _outbox.Payloads(effect))
            whole.WriteBytes(BytesOf(payload, input));
        byte[] frame = whole.Written.ToArray();
        if (effect.Record <= Durable)
            _group.Leaves(this, effect.Targets, frame);
        else
            _held.Add((effect.Record, effect.Targets, frame));
    }

    private ReadOnlySpan<byte> BytesOf(Payload payload, ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> source = payload.IsTransient ? input : Record(payload.Record);
        return source.Slice(payload.Offset, payload.Length);
    }

    private void RunStream()
    {
        while (_stream.TryPeek(out (RecordNumber Gate, string? Command, RequestId Request) next)
            && next.Gate <= Durable)
        {
            _stream.Dequeue();
            string asked = next.Request == default ? "" : $" for {next.Request}";
            if (next.Command is string command)
            {
                _group.Trace?.Outcome($"runs \"{command}\"{asked}");
                _group.Requests.Runs(Self, command, next.Request);
            }
            else
            {
                _group.Trace?.Outcome($"answers {next.Request}");
                _group.Requests.Reads(Self, next.Request);
            }
        }
    }
}
