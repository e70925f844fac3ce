using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Which node is asked: the leader where one is named; else the nearest, where nobody
/// leads, and whoever has served where that one cannot.</content>
public sealed partial class ClientCore
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private readonly TimeSpan[] _distances;
    private readonly TimeSpan[] _pauses;
    private readonly Instant[] _askAt;
    private readonly HashSet<int> _lacking = [];
    private Instant _lackedSince;
    private bool _isLed;

    private int? ChooseNode(Instant now, ClientCall call)
    {
        if (call.Target is int target)
            return _nodes[target] is null ? null : target;

        bool isNear = call is { Kind: RequestKind.NearQuery, IsTurnedAway: false };
        if ((isNear || !_isLed) && NearestNow() is int nearest && MayAsk(now, nearest))
            return nearest;

        if (_leader is int leader && _nodes[leader] is not null)
            return leader;

        // All calls go to the same node until it turns out not to lead.
        _guess = _guess is int guess ? Connected(guess) : NearestNow();
        return _guess;
    }

    // Safety §6: a command is in vain where the one before it on its key has not arrived, and is so
    // again and again when thousands come back in any order. It follows on the same connection,
    // once its node is known to serve, or waits for the end of the one before.
    private int? NodeBehind(ClientCall before) => before.Node == _leader ? _leader : null;

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
    // that are equally far another one for each client.
    private int? NearestNow()
    {
        if (_options.Nearest is int named)
            return Connected(named);

        int? nearest = null;
        for (int step = 0; step < _nodes.Length; step++)
        {
            int node = (_first + step) % _nodes.Length;
            bool isNearer = nearest is not int other || _distances[node] < _distances[other];
            if (_nodes[node] is not null && isNearer)
                nearest = node;
        }

        return nearest;
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

    private void Forget(int node)
    {
        if (_leader == node)
            (_leader, _isLed) = (null, false);
        if ((_guess ?? NearestNow()) == node)
            _guess = (node + 1) % _nodes.Length;
    }
}
