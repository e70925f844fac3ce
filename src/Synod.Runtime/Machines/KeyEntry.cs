using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>All that is kept of one key.</summary>
internal sealed class KeyEntry
{
    // In the order in which they came: where the entry itself is replicated, its bytes are the same
    // whoever has written them. Most keys have none or one, which is found without a table.
    private SessionId _firstId;
    private SessionEntry? _first;
    private OrderedDictionary<SessionId, SessionEntry>? _others;

    /// <summary>The state; empty if the key is absent for the machine.</summary>
    public byte[] State { get; private set; } = [];

    /// <summary>How many commands were applied.</summary>
    public long Commands { get; private set; }

    /// <summary>How often the state has become another, byte for byte. The same on every replica
    /// that has applied the same commands on the key, so it tells states of one key
    /// apart.</summary>
    public long Version { get; private set; }

    /// <summary>What the key knows of the session; null if no command of it was applied here. As
    /// long as sessions have no end, nothing known is ever dropped.</summary>
    public SessionEntry? Find(SessionId session) =>
        _first is not null && _firstId == session ? _first : _others?.GetValueOrDefault(session);

    /// <summary>The same, made if it is not there; called once when a command is
    /// applied.</summary>
    public SessionEntry FindOrAdd(SessionId session)
    {
        Commands++;
        if (Find(session) is SessionEntry known)
            return known;

        SessionEntry entry = new();
        Add(session, entry);
        return entry;
    }

    /// <summary>Takes the next state; false if it is the same as before.</summary>
    public bool Become(ReadOnlySpan<byte> state)
    {
        if (state.SequenceEqual(State))
            return false;

        Version++;
        Take(state);
        return true;
    }

    /// <summary>Takes what another replica has made of the key, if that is newer; the duplicate
    /// tables stay where they are decided about.</summary>
    /// <returns>Whether the state is another now.</returns>
    public bool Learn(in LearnedKeys other)
    {
        if (other.Commands <= Commands)
            return false;

        bool isChanged = other.Version > Version;
        Commands = other.Commands;
        Version = other.Version;
        if (isChanged)
            Take(other.State);
        return isChanged;
    }

    /// <summary>Appends the bytes.</summary>
    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Commands);
        buffer.WriteInt64(Version);
        buffer.WriteSized(State);
        if (_first is null)
        {
            buffer.WriteInt32(0);
            return;
        }

        buffer.WriteInt32(1 + (_others?.Count ?? 0));
        Write(buffer, _firstId, _first);
        for (int place = 0; place < _others?.Count; place++)
        {
            (SessionId session, SessionEntry entry) = _others.GetAt(place);
            Write(buffer, session, entry);
        }
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    public static KeyEntry ReadFrom(ref FrameReader reader)
    {
        KeyEntry entry = new() { Commands = reader.ReadCount(), Version = reader.ReadCount() };
        entry.State = reader.ReadSized().ToArray();
        int count = reader.ReadInt32();
        for (int read = 0; read < count && reader.IsValid; read++)
        {
            SessionId id = new(reader.ReadUInt32(), reader.ReadUInt64());
            SessionEntry session = SessionEntry.ReadFrom(ref reader);
            reader.Require(entry.Find(id) is null);
            if (reader.IsValid)
                entry.Add(id, session);
        }

        return entry;
    }

    /// <summary>Passes over what stands behind the state.</summary>
    public static void SkipSessions(ref FrameReader reader)
    {
        int count = reader.ReadInt32();
        for (int read = 0; read < count && reader.IsValid; read++)
        {
            reader.ReadUInt32();
            reader.ReadUInt64();
            SessionEntry.Skip(ref reader);
        }
    }

    private static void Write(FrameBuffer buffer, SessionId session, SessionEntry entry)
    {
        buffer.WriteUInt32(session.Epoch);
        buffer.WriteUInt64(session.Unique);
        entry.WriteTo(buffer);
    }

    private void Add(SessionId session, SessionEntry entry)
    {
        if (_first is null)
        {
            (_firstId, _first) = (session, entry);
            return;
        }

        _others ??= [];
        _others.Add(session, entry);
    }

    private void Take(ReadOnlySpan<byte> state)
    {
        if (state.Length == State.Length)
            state.CopyTo(State);
        else
            State = state.ToArray();
    }
}
