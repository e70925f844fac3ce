using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>One step of a search.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="At">To whom; of a frame, its sender.</param>
/// <param name="To">Of a frame: its receiver.</param>
/// <param name="Number">Of a frame: its place on its way, from 1. Of a crash: how many records
/// survive that were not durable. Of a proposal: which command.</param>
internal readonly record struct Move(MoveKind Kind, Member At, Member To, byte Number)
{
    public string Command => $"{(char)('a' + Number)}";

    /// <summary>The same as commands of a scenario.</summary>
    public override string ToString() => Kind switch
    {
        MoveKind.Deliver => $"deliver {At} {To} #{Number}",
        MoveKind.Copy => $"copy {At} {To} #{Number}",
        MoveKind.Persist => $"persist {At}",
        MoveKind.Wake => $"wake {At}",
        MoveKind.Propose => $"propose {At} \"{Command}\"",
        MoveKind.Read => $"read {At}",
        MoveKind.Crash => $"crash {At}{(Number > 0 ? $" keep {Number}" : "")}\nrestart {At}",
    };
}
