using System.Runtime.InteropServices;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What a turn sends, gathered until it settles, so that to the same members one frame
/// leaves and not one for each message (design §11). A message is encoded at once and says for
/// ever what was true then; nothing of it is durable before the turn ends, so one gate is enough
/// for all of a frame.</summary>
internal sealed class EPaxosParcels
{
    // Beyond this a frame gains nothing, and others wait behind it.
    private const int BytesMax = 64 << 10;
    private const int CountMax = 1024;

    private readonly List<Parcel> _parcels = [];
    private int _used;

    /// <summary>A message, followed by its commands, behind all that is appended when it
    /// leaves.</summary>
    public void Add<T>(MemberSet to, in T message, in EPaxosCommands command, Outbox outbox)
        where T : struct, IWire =>
        Add((to, default, null), message, command, outbox);

    /// <summary>The same behind an own record that is older than that.</summary>
    /// <param name="when">To whom; the record; and the rule that allows to overtake what was
    /// appended behind it, none for the default.</param>
    /// <param name="message">The message.</param>
    /// <param name="command">What follows it; empty if nothing does.</param>
    /// <param name="outbox">Takes what there is no room for in one frame.</param>
    public void Add<T>(
        (MemberSet To, RecordNumber Gate, string? Rule) when,
        in T message,
        in EPaxosCommands command,
        Outbox outbox)
        where T : struct, IWire
    {
        if (when.To.IsEmpty)
            return;

        Parcel parcel = Of(when);
        if (parcel.Count == CountMax
            || (parcel.Count > 0 && parcel.Bytes + command.Length > BytesMax))
        {
            Leave(parcel, outbox);
        }

        parcel.Add(message, command);
    }

    /// <summary>The turn ends: all of it leaves.</summary>
    public void Leave(Outbox outbox)
    {
        for (int place = 0; place < _used; place++)
            Leave(_parcels[place], outbox);
        _used = 0;
    }

    public void Digest(ref StateHash hash)
    {
        for (int place = 0; place < _used; place++)
        {
            hash.Add(_parcels[place].When.To.Bits);
            hash.Add(_parcels[place].Heads.Written);
        }
    }

    private static void Leave(Parcel parcel, Outbox outbox)
    {
        if (parcel.Count == 0)
            return;

        Bundle bundle = new(parcel.Count, parcel.Heads.Written);
        ReadOnlySpan<Payload> commands = CollectionsMarshal.AsSpan(parcel.Commands);
        (MemberSet to, RecordNumber gate, string? rule) = parcel.When;
        if (rule is not null)
            outbox.SendBehind(to, bundle, (gate, rule), commands);
        else
            outbox.Send(to, bundle, commands);
        parcel.Clear();
    }

    private Parcel Of(in (MemberSet To, RecordNumber Gate, string? Rule) when)
    {
        for (int place = 0; place < _used; place++)
        {
            if (_parcels[place].When == when)
                return _parcels[place];
        }

        if (_used == _parcels.Count)
            _parcels.Add(new Parcel());
        Parcel next = _parcels[_used++];
        next.When = when;
        return next;
    }

    private sealed class Parcel
    {
        public (MemberSet To, RecordNumber Gate, string? Rule) When { get; set; }

        public int Count { get; private set; }

        public int Bytes => Heads.Length + CommandBytes;

        public FrameBuffer Heads { get; } = new();

        public List<Payload> Commands { get; } = [];

        private int CommandBytes { get; set; }

        public void Add<T>(in T message, in EPaxosCommands command)
            where T : struct, IWire
        {
            Bundle.Add(Heads, message, command.Length);
            if (command.Length > 0)
                AddPlaces(command);
            Count++;
            CommandBytes += command.Length;
        }

        private void AddPlaces(in EPaxosCommands command)
        {
            for (int place = 0; place < command.Count; place++)
                Commands.Add(command.PlaceAt(place));
        }

        public void Clear()
        {
            Heads.Clear();
            Commands.Clear();
            (Count, CommandBytes) = (0, 0);
        }
    }
}
