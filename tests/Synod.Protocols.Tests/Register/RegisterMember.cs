using System.Buffers.Binary;
using System.Text;
using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Register;

namespace Synod.Protocols.Tests.Register;

/// <summary>A member of a group of per-key Paxos. The state of a key is the list of the commands
/// that have made it; one that is in it changes nothing.</summary>
internal sealed class RegisterMember(int self, RegisterSetup setup) : GroupMember(self, setup)
{
    private readonly Dictionary<ulong, List<byte[]>> _learned = [];

    public override RegisterReplica Kernel => (RegisterReplica)base.Kernel;

    public override RegisterReplica OnDisk => (RegisterReplica)base.OnDisk;

    /// <summary>A member that is up, on its own, and has told what it reserves.</summary>
    public static RegisterMember Of(int self, int members, RegisterOptions? options = null)
    {
        RegisterMember member = new(
            self, new RegisterSetup(members) { Options = options ?? new RegisterOptions() });
        member.Restart();
        return member;
    }

    /// <summary>What it has learned of a key, in words.</summary>
    public string Knows(ulong key) =>
        string.Join(' ', _learned.GetValueOrDefault(key, []).Select(Encoding.UTF8.GetString));

    /// <summary>What its acceptor holds of a key, in words; empty if nothing.</summary>
    public string Holds(ulong key) =>
        Kernel.State.TryGet(key, out RegisterKey? held)
            ? $"promised {held.Promised} accepted {held.AcceptedIn} \"{Text(held.State)}\""
                + (held.IsChosen ? " chosen" : "")
            : "";

    /// <summary>A state that these commands make.</summary>
    public static byte[] StateOf(params string[] commands)
    {
        byte[] state = [];
        foreach (string command in commands)
            state = Append(state, Encoding.UTF8.GetBytes(command));
        return state;
    }

    public static string Text(ReadOnlySpan<byte> state) =>
        string.Join(' ', Read(state).Select(Encoding.UTF8.GetString));

    protected override byte[] Run(byte[] command, ReadOnlySpan<byte> state)
    {
        foreach (byte[] before in Read(state))
        {
            if (before.AsSpan().SequenceEqual(command))
                return state.ToArray();
        }

        return Append(state, command);
    }

    // What follows what was learned before is new here.
    protected override void Learned(in KeyState state)
    {
        if (!_learned.TryGetValue(state.Key, out List<byte[]>? learned))
            _learned[state.Key] = learned = [];
        List<byte[]> commands = Read(state.State);
        for (int place = 0; place < commands.Count; place++)
        {
            if (place < learned.Count)
            {
                Assert.Equal(learned[place], commands[place]);
                continue;
            }

            learned.Add(commands[place]);
            Deliver(commands[place]);
        }
    }

    protected override void Begins() => _learned.Clear();

    private static byte[] Append(ReadOnlySpan<byte> state, byte[] command)
    {
        byte[] next = new byte[state.Length + sizeof(int) + command.Length];
        state.CopyTo(next);
        BinaryPrimitives.WriteInt32LittleEndian(next.AsSpan(state.Length), command.Length);
        command.CopyTo(next, state.Length + sizeof(int));
        return next;
    }

    private static List<byte[]> Read(ReadOnlySpan<byte> state)
    {
        List<byte[]> commands = [];
        while (!state.IsEmpty)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(state);
            commands.Add(state.Slice(sizeof(int), length).ToArray());
            state = state[(sizeof(int) + length)..];
        }

        return commands;
    }
}
