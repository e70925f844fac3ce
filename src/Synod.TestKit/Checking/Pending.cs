namespace Synod.TestKit;

/// <summary>The operations that must happen and have not yet, in the order of their calls and in
/// that of their returns. What is taken out is put back in the opposite order.</summary>
internal sealed class Pending
{
    private readonly SearchSpace _space;
    private readonly int[] _nextCall;
    private readonly int[] _previousCall;
    private readonly int[] _nextReturn;
    private readonly int[] _previousReturn;

    public Pending(SearchSpace space)
    {
        _space = space;
        int count = space.RequiredCount;
        (_nextCall, _previousCall) = Chain([.. Enumerable.Range(0, count)]);
        (_nextReturn, _previousReturn) = Chain(space.ByReturn);
    }

    /// <summary>The number that ends both orders.</summary>
    public int End => _space.RequiredCount;

    /// <summary>The one that was called first.</summary>
    public int FirstCalled => _nextCall[End];

    /// <summary>The one that returns first.</summary>
    public int FirstReturned => _nextReturn[End];

    /// <summary>What is called later than this must wait for the one that returns first.</summary>
    public long Deadline => FirstReturned == End ? long.MaxValue : _space.Return[FirstReturned];

    public int CalledAfter(int operation) => _nextCall[operation];

    public void TakeOut(int operation)
    {
        Unlink(_nextCall, _previousCall, operation);
        Unlink(_nextReturn, _previousReturn, operation);
    }

    public void PutBack(int operation)
    {
        Link(_nextCall, _previousCall, operation);
        Link(_nextReturn, _previousReturn, operation);
    }

    // A ring in which the number after the last stands for both ends.
    private static (int[] Next, int[] Previous) Chain(int[] order)
    {
        int[] next = new int[order.Length + 1];
        int[] previous = new int[order.Length + 1];
        int last = order.Length;
        foreach (int operation in order)
        {
            next[last] = operation;
            previous[operation] = last;
            last = operation;
        }

        next[last] = order.Length;
        previous[order.Length] = last;
        return (next, previous);
    }

    private static void Unlink(int[] next, int[] previous, int operation)
    {
        next[previous[operation]] = next[operation];
        previous[next[operation]] = previous[operation];
    }

    private static void Link(int[] next, int[] previous, int operation)
    {
        next[previous[operation]] = operation;
        previous[next[operation]] = operation;
    }
}
