using Synod.Abstractions;

namespace Synod.Samples.Counter;

// snippet: leader-hook

/// <summary>Writes down each change of a counter, on the node that leads.</summary>
public sealed class Announcer(TextWriter output) : ILeaderHook
{
    /// <inheritdoc/>
    public void Committed(CommittedCommand command)
    {
        if (command is { Command: Add add, Result: long value, IsRestored: false })
            output.WriteLine($"{command.Key}: {add.Amount} more are {value}");
    }

    /// <inheritdoc/>
    public void Elected(LeaderTerm term) =>
        output.WriteLine($"this node leads in term {term.Term}");
}

// end-snippet
