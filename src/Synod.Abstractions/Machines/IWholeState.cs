namespace Synod.Abstractions;

/// <summary>The state of a whole machine on one replica. Called by one thread at a time; commands
/// that conflict come in the same order on each replica. Must depend on nothing but what it was
/// handed.</summary>
public interface IWholeState
{
    /// <summary>Runs a command. What it writes to <see cref="MachineOutput.State"/> counts for
    /// nothing; a command that is refused must have changed nothing.</summary>
    void Apply(in ApplyContext context, ReadOnlySpan<byte> command, MachineOutput output);

    /// <summary>Answers a query; nothing changes.</summary>
    void Query(ReadOnlySpan<byte> query, MachineOutput output);
}
