using System.Runtime.InteropServices;

namespace Synod.TestKit;

/// <content>What a search may try next.</content>
internal sealed partial class Search<TState>
{
    private readonly List<int> _callable = [];
    private readonly HashSet<int> _groups = [];
    private int _farthest = None;

    // First those that must happen, the one that returns first before all others.
    private void AddKnown()
    {
        TState state = Top.State;
        if (FindCallable(state) is Choice only)
        {
            Top.IsComplete = true;
            _choices.Add(only);
            return;
        }

        if (!_memo.TryAdd(_done, state))
        {
            Top.IsComplete = true;
            return;
        }

        budget.CountConfiguration();
        NoteProgress();
        if (IsAtGoal && Collect is not null)
            _isEnough = !Collect(state, _done);
        foreach (int operation in _callable)
        {
            if (!space.IsReadOnly[operation]
                && model.TryApply(state, space.Operations[operation], out TState next))
            {
                AddUnlessUseless(new Choice(operation, next, space.Return[operation]));
            }
        }

        SortChoices();
    }

    // Those that may happen are tried last, since most are not needed; and first those after which
    // something can happen that could not before.
    private void AddUnknown()
    {
        Top.IsComplete = true;
        TState state = Top.State;
        FindCallable(state);
        _groups.Clear();
        long deadline = _pending.Deadline;
        int end = space.Operations.Length;
        for (int operation = space.RequiredCount; operation < end; operation++)
        {
            if (space.Call[operation] > deadline)
                break;
            if (_done.Contains(operation) || IsBlocked(operation))
                continue;
            if (_groups.Add(space.Group[operation])
                && model.TryApply(state, space.Operations[operation], out TState next)
                && !next.Equals(state))
            {
                AddUnlessUseless(new Choice(operation, next, HelpOf(state, next)));
            }
        }

        SortChoices();
    }

    // Finds what has been called before the first return that is to come. If that includes one
    // that reads what the state is, then that is the only choice that is needed.
    private Choice? FindCallable(TState state)
    {
        _callable.Clear();
        long deadline = _pending.Deadline;
        int operation = _pending.FirstCalled;
        while (operation != _pending.End && space.Call[operation] <= deadline)
        {
            if (!IsBlocked(operation))
            {
                if (space.IsReadOnly[operation]
                    && model.TryApply(state, space.Operations[operation], out TState next))
                {
                    return new Choice(operation, next, 0);
                }

                _callable.Add(operation);
            }

            operation = _pending.CalledAfter(operation);
        }

        return null;
    }

    private bool IsBlocked(int operation)
    {
        foreach (int earlier in space.Earlier[operation])
        {
            if (!_done.Contains(earlier))
                return true;
        }

        foreach (int later in space.Later[operation])
        {
            if (_done.Contains(later))
                return true;
        }

        return false;
    }

    // An operation that may happen was of no use if what comes right after it leads to the same
    // state without it.
    private void AddUnlessUseless(Choice choice)
    {
        Frame frame = Top;
        if (frame.Operation >= space.RequiredCount)
        {
            TState before = _frames[^2].State;
            bool isSame = model.TryApply(
                before, space.Operations[choice.Operation], out TState without)
                && without.Equals(choice.State);
            if (isSame)
                return;
        }

        _choices.Add(choice);
    }

    private long HelpOf(TState before, TState after)
    {
        if (Helps(_pending.FirstReturned, before, after))
            return 0;

        foreach (int operation in _callable)
        {
            if (Helps(operation, before, after))
                return 1;
        }

        return 2;
    }

    private bool Helps(int operation, TState before, TState after) =>
        operation != _pending.End
        && model.TryApply(after, space.Operations[operation], out _)
        && !model.TryApply(before, space.Operations[operation], out _);

    private void NoteProgress()
    {
        int first = _pending.FirstReturned;
        if (first == _pending.End)
            return;

        if (_farthest == None || space.Return[first] > space.Return[_farthest])
        {
            _farthest = first;
            Farthest = space.Sources[first];
        }
    }

    // There are few, and mostly they are in order.
    private void SortChoices()
    {
        Span<Choice> choices = CollectionsMarshal.AsSpan(_choices)[Top.Next..];
        for (int end = 1; end < choices.Length; end++)
        {
            Choice moved = choices[end];
            int place = end;
            for (; place > 0 && choices[place - 1].Order > moved.Order; place--)
                choices[place] = choices[place - 1];
            choices[place] = moved;
        }
    }
}
