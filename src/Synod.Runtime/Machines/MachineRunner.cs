using System.Buffers.Binary;
using Synod.Abstractions;

namespace Synod.Runtime;

/// <summary>Runs a keyed machine on one key: at most once for each command, in the order of its
/// session (safety §6). Deterministic, but for what <see cref="Changed"/> and the like tell of the
/// last run. Owned by one thread.</summary>
internal sealed class MachineRunner(
    IKeyedMachine machine, int machineVersion, MachineOutput output)
{
    /// <summary>The largest result or answer. The same on every replica and in every release, so
    /// that all refuse the same.</summary>
    public const int ResultBytesMax = 8 << 20;

    /// <summary>The version that the last command has given its key; zero if it changed
    /// nothing.</summary>
    public long Changed { get; private set; }

    /// <summary>The largest state that a key may have.</summary>
    public int StateBytesMax { get; init; } = int.MaxValue;

    /// <summary>Applies a command, or finds that it must not be: a copy of one that was applied
    /// gets the recorded result; one whose place has not come changes and records
    /// nothing.</summary>
    /// <exception cref="Exception">Whatever the machine throws; nothing has changed
    /// then.</exception>
    public CommandResult Apply(in Envelope envelope, KeyEntry entry)
    {
        Changed = 0;
        CommandIdentity identity = envelope.Identity;
        SessionEntry? session = entry.Find(identity.Session);
        long last = session?.Last ?? 0;

        if (session?.ResultOf(identity.Sequence) is CommandResult recorded)
            return recorded;
        if (identity.Sequence <= last)
            return new CommandResult(ResponseKind.Superseded, default);
        if (identity.Previous != last)
            return OutOfOrder(last);

        CommandResult result = Run(envelope, entry);
        Record(envelope, entry, result);
        return result;
    }

    /// <summary>Answers a query from a state.</summary>
    public CommandResult Query(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> state, ReadOnlySpan<byte> query)
    {
        output.Clear();
        MachineInput input = new() { Key = key, State = state, Request = query };
        machine.Query(input, output);
        return Answer();
    }

    private static CommandResult OutOfOrder(long last)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, last);
        return new CommandResult(ResponseKind.OutOfOrder, bytes);
    }

    // The next state stays in the output until the command is recorded with it.
    private CommandResult Run(in Envelope envelope, KeyEntry entry)
    {
        output.Clear();
        MachineInput input = new()
        {
            Context = new ApplyContext(envelope.Identity, machineVersion),
            Key = envelope.Key,
            State = entry.State,
            Request = envelope.Command,
        };
        machine.Apply(input, output);
        if (output.State.Length > StateBytesMax)
        {
            output.Refuse($"The state would have {output.State.Length} bytes; {StateBytesMax} "
                + "is the limit of this protocol.");
        }

        return Answer();
    }

    private void Record(in Envelope envelope, KeyEntry entry, in CommandResult result)
    {
        if (!output.IsRefused && entry.Become(output.State.Written))
            Changed = entry.Version;

        SessionEntry session = entry.FindOrAdd(envelope.Identity.Session);
        session.Record(envelope.Identity.Sequence, result, envelope.Acknowledged);
    }

    private CommandResult Answer()
    {
        if (output.Result.Length > ResultBytesMax)
        {
            output.Refuse($"The result has {output.Result.Length} bytes; {ResultBytesMax} is the "
                + "limit.");
        }

        return new CommandResult(
            output.IsRefused ? ResponseKind.Refused : ResponseKind.Applied,
            output.Result.Written.ToArray());
    }
}
