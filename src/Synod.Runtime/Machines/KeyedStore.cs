using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The state of a keyed machine on one replica: for each key the state, a version and the
/// duplicate table of the sessions that wrote it (safety §6). Applying is deterministic; replicas
/// that applied the same commands have equal digests. Where commands have no order it holds what
/// was learned of each key, without the tables.</summary>
internal sealed class KeyedStore
{
    /// <summary>The largest result or answer.</summary>
    public const int ResultBytesMax = MachineRunner.ResultBytesMax;

    private readonly MachineRunner _runner;
    private HashSet<SessionId>? _sessions;

    // Null before the first key.
    private Dictionary<byte[], KeyEntry>? _entries;
    private Dictionary<byte[], KeyEntry>.AlternateLookup<ReadOnlySpan<byte>> _byKey;

    public KeyedStore(IKeyedMachine machine, int machineVersion, MachineOutput output) =>
        _runner = new MachineRunner(machine, machineVersion, output);

    /// <summary>How many commands were applied, here or to what was learned.</summary>
    public long Applied { get; private set; }

    /// <summary>The version that the last command has given its key; zero if it changed
    /// nothing.</summary>
    public long Changed => _runner.Changed;

    /// <summary>How many sessions a command of which was applied.</summary>
    public int Sessions => _sessions?.Count ?? 0;

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
        KeyEntry? known = Find(envelope.Key);
        KeyEntry entry = known ?? new KeyEntry();
        long before = entry.Commands;
        CommandResult result = _runner.Apply(envelope, entry);
        if (entry.Commands == before)
            return result;

        if (known is null)
            Entries()[envelope.Key.ToArray()] = entry;
        // Nothing came before it on this key: only then the session may be a new one.
        if (envelope.Identity.Previous == 0)
            (_sessions ??= []).Add(envelope.Identity.Session);
        Count(envelope, result);
        return result;
    }

    /// <summary>Takes what was chosen for a key, the one of now, if it is newer than what is
    /// here.</summary>
    /// <returns>Whether the state has become another.</returns>
    public bool Learn(in LearnedKeys chosen)
    {
        if (Find(chosen.Key) is not KeyEntry entry)
            Entries()[chosen.Key.ToArray()] = entry = new KeyEntry();
        long before = entry.Commands;
        bool isChanged = entry.Learn(chosen);
        Applied += entry.Commands - before;
        return isChanged;
    }

    /// <summary>How often the state of a key has become another.</summary>
    public long VersionOf(ReadOnlySpan<byte> key) =>
        Find(key)?.Version ?? 0;

    /// <summary>Answers a query from the state of now.</summary>
    public CommandResult Query(ReadOnlySpan<byte> key, ReadOnlySpan<byte> query) =>
        _runner.Query(key, Find(key) is KeyEntry entry ? entry.State : default, query);

    private KeyEntry? Find(ReadOnlySpan<byte> key)
    {
        KeyEntry? entry = null;
        return _entries is not null && _byKey.TryGetValue(key, out entry) ? entry : null;
    }

    private Dictionary<byte[], KeyEntry> Entries()
    {
        if (_entries is not null)
            return _entries;

        _entries = new Dictionary<byte[], KeyEntry>(KeyComparer.Instance);
        _byKey = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        return _entries;
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
