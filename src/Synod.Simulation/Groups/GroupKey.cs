using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The machine of a group whose commands have no order over keys: one key, the state of
/// which is the list of the commands that have made it. A command that is in it changes
/// nothing.</summary>
internal static class GroupKey
{
    /// <summary>The state after a command.</summary>
    public static byte[] Run(GroupRequest request, ReadOnlySpan<byte> state)
    {
        FrameReader reader = new(state);
        while (reader.Remaining > 0)
        {
            if (reader.ReadInt64() == request.Id.Number)
                return state.ToArray();

            reader.ReadString();
        }

        FrameBuffer next = new();
        next.WriteBytes(state);
        next.WriteInt64(request.Id.Number);
        next.WriteString(request.Command ?? "");
        return next.Written.ToArray();
    }

    /// <summary>The commands that have made a state, the first one first.</summary>
    public static IReadOnlyList<string> CommandsIn(ReadOnlySpan<byte> state)
    {
        List<string> commands = [];
        FrameReader reader = new(state);
        while (reader.Remaining > 0)
        {
            reader.ReadInt64();
            commands.Add(reader.ReadString());
        }

        return commands;
    }
}
