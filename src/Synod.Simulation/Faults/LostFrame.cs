using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a node appends next is lost on all its lines, or on some, as where a queue is full
/// for a moment; what it appends after that leaves. Then something is done to the node, before it
/// can learn of the gap and send again what was lost.</summary>
internal sealed class LostFrame
{
    private readonly World _world;
    private readonly NodeAudit _node;
    private readonly Link[] _links;
    private readonly long _before;
    private long _lost;
    private int _left;
    private bool _hasEnded;

    public LostFrame(World world, NodeAudit node, Link[] links, SeededRandom random)
    {
        _world = world;
        _node = node;
        _links = links;
        _before = node.Last;
        _left = random.Chance(1, 2) ? 1 : 1 + (int)random.Below(2 * links.Length);
        bool areAll = random.Chance(2, 3);
        foreach (Link link in links.Where(_ => areAll || random.Chance(1, 2)))
            link.Loses = Loses;
    }

    /// <summary>What is done to the node.</summary>
    public required Action Then { get; init; }

    /// <summary>No more is lost.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (Link link in _links)
            link.Loses = null;
    }

    // What is appended first is lost, with all that leaves before more is appended.
    private bool Loses()
    {
        long last = _node.Last;
        if (last <= _before)
            return false;

        _lost = _lost == 0 ? last : _lost;
        if (last > _lost)
            Passed();
        return last == _lost;
    }

    // After the turn that is under way: whoever else it has frames for gets them, too.
    private void Passed()
    {
        if (--_left == 0)
            _world.Schedule.After(TimeSpan.Zero, Strike);
    }

    private void Strike()
    {
        if (_hasEnded)
            return;

        End();
        Then();
    }
}
