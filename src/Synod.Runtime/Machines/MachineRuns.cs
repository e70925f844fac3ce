using System.Buffers;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What commands were run on where they have no order: made at the first of them. Owned by
/// one replica.</summary>
internal sealed class MachineRuns(MachineRunner runner)
{
    // What is still to be run, the oldest first; the memory is from the pool of arrays.
    private readonly Queue<(RequestId Request, byte[] State, int Length)> _waiting = [];
    private readonly Stack<(RequestId Request, byte[] State, int Length)> _following = [];
    private byte[]? _running;

    /// <summary>Runs the machine.</summary>
    public MachineRunner Runner => runner;

    /// <summary>What the last run of each request that waits has answered.</summary>
    public Dictionary<long, CommandResult> Results { get; } = [];

    /// <summary>How many are still to be run.</summary>
    public int Waiting => _waiting.Count + _following.Count;

    /// <summary>Whether what is to be run now follows from a run, and comes before all others: a
    /// round that was begun should end, before somebody else begins one on its key.</summary>
    public bool IsFollowing { get; set; }

    /// <summary>The runs that the kernel was not told of.</summary>
    public List<(RequestId Request, ulong Key, Ballot Ballot, Range State)> Ran { get; } = [];

    /// <summary>What they have made.</summary>
    public FrameBuffer States { get; } = new();

    /// <summary>A command is to be run on a state, which is copied.</summary>
    public void Wait(RequestId request, ReadOnlySpan<byte> state)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(state.Length);
        state.CopyTo(copy);
        if (IsFollowing)
            _following.Push((request, copy, state.Length));
        else
            _waiting.Enqueue((request, copy, state.Length));
    }

    /// <summary>The next one to run. Its state is good until the next one is asked for.</summary>
    public bool TryNext(out RequestId request, out KeyState state)
    {
        GiveBack();
        bool isThere = _following.TryPop(out (RequestId Request, byte[] State, int Length) next)
            || _waiting.TryDequeue(out next);
        _running = next.State;
        request = next.Request;
        state = isThere ? KeyState.Of(next.State.AsSpan(0, next.Length)) : default;
        return isThere;
    }

    /// <summary>The kernel was told of all.</summary>
    public void Told()
    {
        Ran.Clear();
        States.Clear();
    }

    private void GiveBack()
    {
        if (_running is not null)
            ArrayPool<byte>.Shared.Return(_running);
        _running = null;
    }
}
