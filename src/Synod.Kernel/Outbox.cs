using System.Runtime.InteropServices;

namespace Synod.Kernel;

/// <summary>Collects the effects of a step, encoded at once, in the order in which the runtime
/// performs them. Reused; in steady state it allocates nothing. Owned by one replica.</summary>
public sealed class Outbox
{
    private readonly List<Effect> _effects = [];
    private readonly List<Payload> _payloads = [];
    private readonly FrameBuffer _bytes = new(4096);

    /// <summary>The number of the newest record of the replica: the default gate.</summary>
    public RecordNumber Appended { get; private set; }

    /// <summary>The effects since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<Effect> Effects => CollectionsMarshal.AsSpan(_effects);

    /// <summary>Sets the number of the newest record; called by the runtime before a
    /// start.</summary>
    public void Resume(RecordNumber appended) => Appended = appended;

    /// <summary>Appends a record that carries no command.</summary>
    public RecordNumber Persist<T>(in T record)
        where T : struct, IWire, allows ref struct
    {
        Persist(record, default);
        return Appended;
    }

    /// <summary>Appends a statement: a record that says all of the small durable state, so that
    /// the newest one is enough. The log keeps copies of it (safety §7).</summary>
    public RecordNumber PersistStatement<T>(in T record)
        where T : struct, IWire, allows ref struct
    {
        Persist(record, default, isStatement: true);
        return Appended;
    }

    /// <summary>Appends a record and the command that it carries, in that order.</summary>
    /// <returns>The handle to the command to keep from now on.</returns>
    public Payload Persist<T>(in T record, Payload command)
        where T : struct, IWire, allows ref struct =>
        Persist(record, command, isStatement: false);

    /// <summary>The same, of a record that costs no flush of its own: it becomes durable with the
    /// next one, which begins when somebody waits for it, and soon in any case.</summary>
    public Payload PersistUnhurried<T>(in T record, Payload command)
        where T : struct, IWire, allows ref struct =>
        Persist(record, command, isStatement: false, canWait: true);

    /// <summary>Sends a message, followed by the payloads, once all that was appended so far is
    /// durable.</summary>
    public void Send<T>(MemberSet to, in T message, ReadOnlySpan<Payload> payloads = default)
        where T : struct, IWire, allows ref struct =>
        Send(to, message, payloads, (Appended, null));

    /// <summary>Sends a message, followed by the payloads, at once.</summary>
    /// <param name="to">To whom.</param>
    /// <param name="message">The message.</param>
    /// <param name="rule">The rule that allows it to overtake what was appended.</param>
    /// <param name="payloads">What follows the message.</param>
    public void SendAtOnce<T>(
        MemberSet to, in T message, string rule, ReadOnlySpan<Payload> payloads = default)
        where T : struct, IWire, allows ref struct =>
        Send(to, message, payloads, (default, rule));

    /// <summary>Sends a message, followed by the payloads, once an own record is durable that is
    /// older than all that was appended.</summary>
    /// <param name="to">To whom.</param>
    /// <param name="message">The message.</param>
    /// <param name="when">The record, and the rule that allows the message to overtake what was
    /// appended behind it.</param>
    /// <param name="payloads">What follows the message.</param>
    public void SendBehind<T>(
        MemberSet to,
        in T message,
        (RecordNumber Gate, string Rule) when,
        ReadOnlySpan<Payload> payloads = default)
        where T : struct, IWire, allows ref struct =>
        Send(to, message, payloads, (when.Gate, when.Rule));

    /// <summary>Says that the command of a request is decided, once a record is durable, and that
    /// it cannot run yet. One that runs at once is only delivered.</summary>
    public void Committed(RequestId request, RecordNumber gate) => _effects.Add(
        new Effect { Kind = EffectKind.Committed, Request = request, Record = gate });

    /// <summary>Puts a command into the ordered stream, gated by the record that holds
    /// it.</summary>
    public void Deliver(Payload command, RequestId request = default) =>
        Deliver(command, request, command.Record);

    /// <summary>Puts a command into the ordered stream, gated by a record that is not older than
    /// the one that holds it.</summary>
    public void Deliver(Payload command, RequestId request, RecordNumber gate) => _effects.Add(
        new Effect
        {
            Kind = EffectKind.Deliver,
            Record = gate,
            Command = command,
            Request = request,
        });

    /// <summary>Puts a read into the ordered stream, at this place.</summary>
    public void ReadReady(RequestId request) =>
        _effects.Add(new Effect { Kind = EffectKind.ReadReady, Request = request });

    /// <summary>Asks to run a command on a state of its key: the command counts only with
    /// <see cref="Done"/>, and then as it was evaluated last.</summary>
    public void Evaluate(RequestId request, in KeyState state) =>
        Add(EffectKind.Evaluate, request, state);

    /// <summary>Puts a chosen state of a key into the ordered stream. States of one key may come
    /// twice and out of order.</summary>
    public void Learned(in KeyState state) => Add(EffectKind.Learned, default, state);

    /// <summary>Puts into the ordered stream that a command has come about, as it was evaluated
    /// last.</summary>
    public void Done(RequestId request) =>
        _effects.Add(new Effect { Kind = EffectKind.Done, Request = request });

    /// <summary>Says that own records before the given one are not needed any more: with those
    /// from it on, all appended by now, and its newest statement the kernel begins a life
    /// (<em>a checkpoint</em>). Takes place in the ordered stream, once all of that is
    /// durable.</summary>
    public void Release(RecordNumber first) => _effects.Add(new Effect
    {
        Kind = EffectKind.Release,
        Record = Appended,
        Command = Payload.Logged(first, 0, 0),
    });

    /// <summary>Says that the request certainly never happens.</summary>
    public void Reject(RequestId request, RejectReason reason) => _effects.Add(
        new Effect { Kind = EffectKind.Reject, Request = request, Reason = reason });

    /// <summary>Says that the request may still happen and that nothing more is known.</summary>
    public void Abandon(RequestId request) =>
        _effects.Add(new Effect { Kind = EffectKind.Abandon, Request = request });

    /// <summary>Says how a transfer of leadership has ended; of one that nobody asked for,
    /// nothing.</summary>
    public void EndTransfer(RequestId request, TransferOutcome outcome)
    {
        if (request == default)
            return;

        _effects.Add(new Effect
        {
            Kind = EffectKind.TransferEnded,
            Request = request,
            Transfer = outcome,
        });
    }

    /// <summary>Asks to be woken at a time; replaces the time asked for before.</summary>
    public void WakeAt(Instant time) =>
        _effects.Add(new Effect { Kind = EffectKind.WakeAt, Time = time });

    /// <summary>Says that the status of the kernel names another role, leader or term than was said
    /// last; before anything was said, than following nobody in term 0.</summary>
    public void RoleChanged() => _effects.Add(new Effect { Kind = EffectKind.RoleChanged });

    /// <summary>Says that a peer sent what no correct peer sends; it was ignored.</summary>
    public void Violated(string rule, Member peer) => _effects.Add(
        new Effect { Kind = EffectKind.Violated, Rule = rule, Peer = peer });

    /// <summary>The encoded message or record of an effect. Valid until
    /// <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Bytes(in Effect effect) =>
        _bytes.Written.Slice(effect.BytesStart, effect.BytesLength);

    /// <summary>The payloads that follow the message. Valid until <see cref="Clear"/>.</summary>
    public ReadOnlySpan<Payload> Payloads(in Effect effect) =>
        CollectionsMarshal.AsSpan(_payloads).Slice(effect.PayloadsStart, effect.PayloadsCount);

    /// <summary>Forgets the effects; called by the runtime once it has performed them.</summary>
    public void Clear()
    {
        _effects.Clear();
        _payloads.Clear();
        _bytes.Clear();
    }

    private Payload Persist<T>(
        in T record, Payload command, bool isStatement, bool canWait = false)
        where T : struct, IWire, allows ref struct
    {
        Appended = Appended.Next();
        int start = Encode(record);
        int length = _bytes.Length - start;
        _effects.Add(new Effect
        {
            Kind = EffectKind.Persist,
            Record = Appended,
            Command = command,
            IsStatement = isStatement,
            CanWait = canWait,
            BytesStart = start,
            BytesLength = length,
        });
        return Payload.Logged(Appended, length, command.Length);
    }

    private void Send<T>(
        MemberSet to,
        in T message,
        ReadOnlySpan<Payload> payloads,
        (RecordNumber Gate, string? Rule) when)
        where T : struct, IWire, allows ref struct
    {
        if (to.IsEmpty)
            return;

        int start = Encode(message);
        _effects.Add(new Effect
        {
            Kind = EffectKind.Send,
            Record = when.Gate,
            Targets = to,
            Rule = when.Rule,
            BytesStart = start,
            BytesLength = _bytes.Length - start,
            PayloadsStart = _payloads.Count,
            PayloadsCount = payloads.Length,
        });
        _payloads.AddRange(payloads);
    }

    private void Add(EffectKind kind, RequestId request, in KeyState state)
    {
        int start = Encode(state);
        _effects.Add(new Effect
        {
            Kind = kind,
            Request = request,
            BytesStart = start,
            BytesLength = _bytes.Length - start,
        });
    }

    private int Encode<T>(in T message)
        where T : struct, IWire, allows ref struct
    {
        int start = _bytes.Length;
        message.WriteTo(_bytes);
        return start;
    }
}
