using System.Text;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A search under way.</summary>
internal sealed class Search(ExploreOptions options, Action<int> progress)
{
    private const int StatesPerProgress = 1000;

    private readonly List<Node> _nodes = [];
    private readonly HashSet<ulong> _seen = [];
    private long _transitions;
    private (string Message, List<Move> Way)? _violation;

    public ExploreReport Run()
    {
        ExploredGroup start = new(options);
        _seen.Add(start.Digest());
        _nodes.Add(new Node(-1, default, 0));
        int next = 0;
        while (next < _nodes.Count && _violation is null && _nodes.Count < options.StatesMax)
        {
            if (_nodes[next].Depth == options.Depth)
                break;

            Expand(next++);
        }

        // Behind the states at the greatest depth there may be more.
        bool isExhausted = next == _nodes.Count || _nodes[next].Depth == options.Depth;
        isExhausted &= _violation is null;
        return new ExploreReport
        {
            States = _nodes.Count,
            Transitions = _transitions,
            Depth = _nodes[^1].Depth,
            IsExhausted = isExhausted,
            IsComplete = isExhausted && next == _nodes.Count,
            Violation = _violation?.Message,
            Scenario = _violation is (_, List<Move> way) ? Tell(way) : null,
        };
    }

    private void Expand(int index)
    {
        List<Move> way = WayTo(index);
        ExploredGroup? group = Go(way);
        foreach (Move move in group.Moves())
        {
            _transitions++;
            bool isNew = Try(group ?? Go(way), move, way);
            if (_violation is not null)
                return;

            group = null;
            if (!isNew)
                continue;

            _nodes.Add(new Node(index, move, _nodes[index].Depth + 1));
            if (_nodes.Count % StatesPerProgress == 0)
                progress(_nodes.Count);
        }
    }

    // The steps were watched on the way; the whole is looked at once for each state.
    private bool Try(ExploredGroup group, Move move, List<Move> way)
    {
        try
        {
            if (!group.Try(move) || !_seen.Add(group.Digest()))
                return false;

            group.Check();
            return true;
        }
        catch (InvariantBrokenException broken)
        {
            _violation = (broken.Message, [.. way, move]);
            return false;
        }
    }

    private ExploredGroup Go(List<Move> way)
    {
        ExploredGroup group = new(options);
        foreach (Move move in way)
            group.Do(move);
        return group;
    }

    private List<Move> WayTo(int index)
    {
        List<Move> way = [];
        for (Node node = _nodes[index]; node.Parent >= 0; node = _nodes[node.Parent])
            way.Add(node.Move);
        way.Reverse();
        return way;
    }

    private string Tell(List<Move> way)
    {
        StringBuilder text = new();
        foreach (string line in options.From.Commands)
            text.Append(line).Append('\n');
        foreach (Move move in way)
            text.Append(move).Append('\n');
        return Scenario.Parse("search", text.ToString(), [options.From.Protocol]).Run().Text;
    }

    private readonly record struct Node(int Parent, Move Move, int Depth);
}
