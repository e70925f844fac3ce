using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Which node is asked: the leader where one is named; else the nearest, where nobody
/// leads, and whoever has served where that one cannot.</content>
public sealed partial class ClientCore
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AboutAsNear = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan WarmAfter = TimeSpan.FromSeconds(5);

    private readonly TimeSpan[] _distances;
    private readonly Instant[] _warm;
    private readonly TimeSpan[] _pauses;
    private readonly Instant[] _askAt;
    private readonly HashSet<int> _lacking = [];
    private readonly NodeId[] _met;
    private readonly int[] _byNumber;
    private Instant _lackedSince;
    private bool _isLed;

    private int? ChooseNode(Instant now, ClientCall call)
    {
        if (call.Target is int target)
            return _nodes[target] is null ? null : target;

        bool isNear = call is { Kind: RequestKind.NearQuery, IsTurnedAway: false };
        if (!isNear && HomeOf(now, call) is int home)
            return home;
        if ((isNear || !_isLed) && NearestTo(now) is int nearest && MayAsk(now, nearest))
            return nearest;

        if (_leader is int leader && _nodes[leader] is not null)
            return leader;

        // All calls go to the same node until it turns out not to lead.
        _guess = _guess is int guess ? Connected(guess) : NearestTo(now);
        return _guess;
    }

    // Safety §6: a command is in vain where the one before it on its key has not arrived, and is so
    // again and again when thousands come back in any order. It follows on the same connection,
    // once its node is known to serve, or waits for the end of the one before.
    private int? NodeBehind(ClientCall before)
    {
        bool isKnown = before.Node == _leader
            || (_options.KeysHaveHomes && before.Node is int node && _served[node] != default);
        return isKnown ? before.Node : null;
    }

    // By the hash that names the first proposer of the key, where members are in the order of
    // their numbers; who does not serve is passed over in that order, by all clients alike.
    private int? HomeOf(Instant now, ClientCall call)
    {
        bool isAnywhere = _isLed || _options.Nearest is not null || call.Key.Length == 0;
        if (!_options.KeysHaveHomes || isAnywhere)
            return null;

        TimeSpan nearest = TimeSpan.MaxValue / 4;
        for (int node = 0; node < _nodes.Length; node++)
        {
            if (_nodes[node] is not null && _distances[node] < nearest)
                nearest = _distances[node];
        }

        TimeSpan far = (2 * nearest) + AboutAsNear;
        int first = (int)(StableHash.Of(call.Key) % (ulong)_byNumber.Length);
        for (int step = 0; step < _byNumber.Length; step++)
        {
            int node = _byNumber[(first + step) % _byNumber.Length];
            if (_nodes[node] is not null && _distances[node] <= far && MayAsk(now, node))
                return node;
        }

        return null;
    }

    // A node keeps its place while it is away.
    private void Meet(int node, NodeId identity)
    {
        if (_met[node] == identity)
            return;

        _met[node] = identity;
        Array.Sort(_byNumber, (left, right) =>
            (_met[left].Number, left).CompareTo((_met[right].Number, right)));
    }

    // One that did not serve is asked by one call at a time, and more and more rarely: what it does
    // not answer waits for a whole try.
    private bool MayAsk(Instant now, int node)
    {
        if (_pauses[node] == TimeSpan.Zero)
            return true;
        if (now < _askAt[node])
            return false;

        TimeSpan longer = 2 * _pauses[node];
        _pauses[node] = longer < PauseMax ? longer : PauseMax;
        _askAt[node] = now + _pauses[node];
        return true;
    }

    // Until it serves again, or is connected anew.
    private void LeaveAlone(Instant now, int node)
    {
        if (_pauses[node] > TimeSpan.Zero)
            return;

        _pauses[node] = _options.TryTimeout;
        _askAt[node] = now + _pauses[node];
    }

    // The one that is named, or the next one to it; else the one that answers fastest, and of those
    // that are about equally far another one for each client. One that has come back lacks what it
    // has missed and is slow at first: whoever serves meanwhile is stayed with.
    private int? NearestTo(Instant now)
    {
        if (_options.Nearest is int named)
            return Connected(named);

        int? nearest = null;
        for (int step = 0; step < _nodes.Length; step++)
        {
            int node = (_first + step) % _nodes.Length;
            bool isBetter = nearest is not int other || IsBetter(now, node, other);
            if (_nodes[node] is not null && isBetter)
                nearest = node;
        }

        return nearest;
    }

    private bool IsBetter(Instant now, int node, int other)
    {
        (bool isWarm, bool isOtherWarm) = (now >= _warm[node], now >= _warm[other]);
        return isWarm == isOtherWarm
            ? _distances[node] + AboutAsNear < _distances[other]
            : isWarm;
    }

    private int? Connected(int first)
    {
        for (int step = 0; step < _nodes.Length; step++)
        {
            int node = (first + step) % _nodes.Length;
            if (_nodes[node] is not null)
                return node;
        }

        return null;
    }

    private void Forget(Instant now, int node)
    {
        if (_leader == node)
            (_leader, _isLed) = (null, false);
        if ((_guess ?? NearestTo(now)) == node)
            _guess = (node + 1) % _nodes.Length;
    }
}
