using System.Runtime.InteropServices;

namespace Synod.TestKit;

/// <summary>Looks for an order of the operations that the model allows, depth first: Wing and Gong
/// with the memory of Lowe. Four arguments keep it small, each of which leaves an order to be found
/// if there is one. (1) What never changes a state happens as soon as it may. (2) An operation that
/// may happen is not tried where it changes nothing, nor (3) where the next one makes it as if it
/// had not been, nor before an equal one that was called earlier. (4) A configuration that has used
/// fewer of them stands for one with more. Keeps its own stack, so that no history is too long.
/// Owned by one check.</summary>
internal sealed partial class Search<TState>(
    HistoryModel<TState> model, SearchSpace space, SearchBudget budget)
    where TState : notnull, IEquatable<TState>
{
    private const int None = -1;

    private readonly DoneSet _done = new(
        space.RequiredCount, space.Operations.Length - space.RequiredCount);

    private readonly Pending _pending = new(space);
    private readonly Memo<TState> _memo = new();
    private readonly List<Frame> _frames = [];
    private readonly List<Choice> _choices = [];
    private bool _isEnough;

    /// <summary>Takes every configuration at the goal until it says no, instead of ending at the
    /// first.</summary>
    public Func<TState, DoneSet, bool>? Collect { get; init; }

    /// <summary>The operation that no order gets past, if there is no order: of all that kept one
    /// from going on, the one that returns last.</summary>
    public Operation? Farthest { get; private set; }

    /// <summary>Looks for an order from one of the configurations.</summary>
    public SearchOutcome Run(IEnumerable<Configuration<TState>> roots)
    {
        if (space.IsImpossible)
            return SearchOutcome.Exhausted;

        foreach (Configuration<TState> root in roots)
        {
            int[] done = [.. root.Done.Select(NumberOf).Where(static number => number != None)];
            foreach (int operation in done)
                Do(operation);

            SearchOutcome outcome = RunFrom(root.State);
            if (outcome != SearchOutcome.Exhausted)
                return outcome;

            foreach (int operation in done.Reverse())
                Undo(operation);
        }

        return SearchOutcome.Exhausted;
    }

    private bool IsAtGoal => _pending.FirstReturned == _pending.End
        || _pending.Deadline >= space.Until;

    private SearchOutcome RunFrom(TState root)
    {
        Enter(None, root);
        while (_frames.Count > 0)
        {
            if (_isEnough || (IsAtGoal && Collect is null))
                return SearchOutcome.Found;
            if (budget.IsSpent())
                return SearchOutcome.Undecided;

            ref Frame frame = ref Top;
            if (frame.Next < _choices.Count)
                Follow(_choices[frame.Next++]);
            else if (!frame.IsComplete)
                AddUnknown();
            else
                Leave();
        }

        return SearchOutcome.Exhausted;
    }

    private ref Frame Top => ref CollectionsMarshal.AsSpan(_frames)[^1];

    private int NumberOf(Operation operation) =>
        Array.FindIndex(space.Sources, source => ReferenceEquals(source, operation));

    private void Follow(Choice choice)
    {
        Do(choice.Operation);
        Enter(choice.Operation, choice.State);
    }

    private void Enter(int operation, TState state)
    {
        int first = _choices.Count;
        _frames.Add(new Frame
        {
            Operation = operation,
            State = state,
            First = first,
            Next = first,
        });
        AddKnown();
    }

    private void Leave()
    {
        Frame frame = _frames[^1];
        _frames.RemoveAt(_frames.Count - 1);
        if (frame.Operation == None)
            return;

        Undo(frame.Operation);
        CollectionsMarshal.SetCount(_choices, frame.First);
    }

    private void Do(int operation)
    {
        _done.Add(operation);
        if (operation < space.RequiredCount)
            _pending.TakeOut(operation);
    }

    private void Undo(int operation)
    {
        _done.Remove(operation);
        if (operation < space.RequiredCount)
            _pending.PutBack(operation);
    }

    // Where the search has come to, by which operation, and which of its choices is next.
    private struct Frame
    {
        public int Operation;
        public TState State;
        public int First;
        public int Next;
        public bool IsComplete;
    }

    private readonly record struct Choice(int Operation, TState State, long Order);
}
