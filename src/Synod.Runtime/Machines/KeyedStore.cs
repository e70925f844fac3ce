using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The state of a keyed machine on one replica: for each key the state, a version and the
/// duplicate table of the sessions that wrote it (safety §6). Applying is deterministic; replicas
/// that applied the same commands have equal digests.</summary>
internal sealed class KeyedStore
{
    /// <summary>The largest result or answer. The same on every replica and in every release, so
    /// that all refuse the same.</summary>
    public const int ResultBytesMax = 8 << 20;

    private readonly IKeyedMachine _machine;
    private readonly int _machineVersion;
    private readonly MachineOutput _output = new();
    private readonly HashSet<SessionId> _sessions = [];
    private readonly Dictionary<byte[], KeyEntry> _entries = new(KeyComparer.Instance);
    private readonly Dictionary<byte[], KeyEntry>.AlternateLookup<ReadOnlySpan<byte>> _byKey;

    public KeyedStore(IKeyedMachine machine, int machineVersion)
    {
        _machine = machine;
        _machineVersion = machineVersion;
        _byKey = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>How many commands were applied.</summary>
    public long Applied { get; private set; }

    /// <summary>The version that the last command has given its key; zero if it changed
    /// nothing.</summary>
    public long Changed { get; private set; }

    /// <summary>How many sessions a command of which was applied.</summary>
    public int Sessions => _sessions.Count;

    /// <summary>The order-free sum of a hash of identity and result of all that was
    /// applied.</summary>
    public ulong Digest { get; private set; }

    /// <summary>Applies a command, or finds that it must not be: a copy of one that was applied
    /// gets the recorded result; one whose place has not come changes and records nothing
    /// (safety §6).</summary>
    /// <exception cref="Exception">Whatever the machine throws; nothing has changed
    /// then.</exception>
    public CommandResult Apply(in Envelope envelope)
    {
        Changed = 0;
        CommandIdentity identity = envelope.Identity;
        KeyEntry? entry = _byKey.TryGetValue(envelope.Key, out KeyEntry? found) ? found : null;
        SessionEntry? session = entry?.Find(identity.Session);
        long last = session?.Last ?? 0;

        if (session?.ResultOf(identity.Sequence) is CommandResult recorded)
            return recorded;
        if (identity.Sequence <= last)
            return new CommandResult(ResponseKind.Superseded, default);
        if (identity.Previous != last)
            return OutOfOrder(last);

        CommandResult result = Run(envelope, entry);
        Record(envelope, result);
        return result;
    }

    /// <summary>How often the state of a key has become another.</summary>
    public long VersionOf(ReadOnlySpan<byte> key) =>
        _byKey.TryGetValue(key, out KeyEntry? entry) ? entry.Version : 0;

    /// <summary>Answers a query from the state of now.</summary>
    public CommandResult Query(ReadOnlySpan<byte> key, ReadOnlySpan<byte> query)
    {
        ReadOnlySpan<byte> state =
            _byKey.TryGetValue(key, out KeyEntry? entry) ? entry.State : default;
        _output.Clear();
        MachineInput input = new() { Key = key, State = state, Request = query };
        _machine.Query(input, _output);
        return Answer();
    }

    private static CommandResult OutOfOrder(long last)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, last);
        return new CommandResult(ResponseKind.OutOfOrder, bytes);
    }

    // The next state stays in the output until the command is recorded with it.
    private CommandResult Run(in Envelope envelope, KeyEntry? entry)
    {
        _output.Clear();
        MachineInput input = new()
        {
            Context = new ApplyContext(envelope.Identity, _machineVersion),
            Key = envelope.Key,
            State = entry is null ? default : entry.State,
            Request = envelope.Command,
        };
        _machine.Apply(input, _output);
        return Answer();
    }

    private void Record(in Envelope envelope, in CommandResult result)
    {
        if (!_byKey.TryGetValue(envelope.Key, out KeyEntry? entry))
            _byKey[envelope.Key] = entry = new KeyEntry();
        if (!_output.IsRefused && entry.Become(_output.State.Written))
            Changed = entry.Version;

        SessionEntry session = entry.FindOrAdd(envelope.Identity.Session);
        if (session.Last == 0)
            _sessions.Add(envelope.Identity.Session);
        session.Acknowledge(envelope.Acknowledged);
        session.Record(envelope.Identity.Sequence, result);
        Count(envelope, result);
    }

    private CommandResult Answer()
    {
        if (_output.Result.Length > ResultBytesMax)
        {
            _output.Refuse($"The result has {_output.Result.Length} bytes; {ResultBytesMax} is the "
                + "limit.");
        }

        return new CommandResult(
            _output.IsRefused ? ResponseKind.Refused : ResponseKind.Applied,
            _output.Result.Written.ToArray());
    }

    private void Count(in Envelope envelope, in CommandResult result)
    {
        StateHash hash = default;
        hash.Add(unchecked((long)envelope.Identity.Session.Unique));
        hash.Add(envelope.Identity.Sequence);
        hash.Add(envelope.Key);
        hash.Add(result.Bytes.Span);
        Applied++;
        Digest = unchecked(Digest + hash.Value);
    }
}
