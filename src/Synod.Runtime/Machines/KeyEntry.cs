using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>All that is kept of one key.</summary>
internal sealed class KeyEntry
{
    private readonly Dictionary<SessionId, SessionEntry> _sessions = [];

    /// <summary>The state; empty if the key is absent for the machine.</summary>
    public byte[] State { get; private set; } = [];

    /// <summary>What the key knows of the session; null if no command of it was applied here. As
    /// long as sessions have no end, nothing known is ever dropped.</summary>
    public SessionEntry? Find(SessionId session) => _sessions.GetValueOrDefault(session);

    /// <summary>The same, made if it is not there; called only when a command is applied.</summary>
    public SessionEntry FindOrAdd(SessionId session)
    {
        if (!_sessions.TryGetValue(session, out SessionEntry? entry))
            _sessions[session] = entry = new SessionEntry();
        return entry;
    }

    /// <summary>How often the state has become another, byte for byte. The same on every replica
    /// that has applied the same commands on the key, so it tells states of one key
    /// apart.</summary>
    public long Version { get; private set; }

    /// <summary>Takes the next state; false if it is the same as before.</summary>
    public bool Become(ReadOnlySpan<byte> state)
    {
        if (state.SequenceEqual(State))
            return false;

        Version++;
        if (state.Length == State.Length)
            state.CopyTo(State);
        else
            State = state.ToArray();
        return true;
    }
}
