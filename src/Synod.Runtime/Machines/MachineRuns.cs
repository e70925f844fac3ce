using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What commands were run on where they have no order: made at the first of them. Owned by
/// one replica.</summary>
internal sealed class MachineRuns(MachineRunner runner)
{
    /// <summary>Runs the machine.</summary>
    public MachineRunner Runner => runner;

    /// <summary>What the last run of each request that waits has answered.</summary>
    public Dictionary<long, CommandResult> Results { get; } = [];

    /// <summary>The runs that the kernel was not told of.</summary>
    public List<(RequestId Request, ulong Key, Ballot Ballot, Range State)> Ran { get; } = [];

    /// <summary>What they have made.</summary>
    public FrameBuffer States { get; } = new();

    /// <summary>The kernel was told of all.</summary>
    public void Told()
    {
        Ran.Clear();
        States.Clear();
    }
}
