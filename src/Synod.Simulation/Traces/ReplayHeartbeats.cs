using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Finds the messages that only say that a leader is alive, and the answers to them, by
/// what is said about them. Of a protocol with other words it finds none. Owned by who writes a
/// page.</summary>
internal sealed class ReplayHeartbeats
{
    private const string Beat = "AppendEntries ";
    private const string BeatEnd = " entries 0";
    private const string RestEnd = " entries 0 rests";
    private const string Answer = "AppendReply ";

    private readonly HashSet<long> _frames = [];
    private readonly Dictionary<(NodeId From, NodeId To, string What), int> _unanswered = [];

    /// <summary>Whether the next event is of such a message.</summary>
    public bool Has(in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case TraceKind.Sent:
                bool isBeat = IsBeat(happened) || IsAnswer(happened);
                if (isBeat)
                    _frames.Add(happened.Number);
                return isBeat;
            case TraceKind.Delivered or TraceKind.Lost:
                return _frames.Contains(happened.Number);
            default:
                return false;
        }
    }

    private bool IsBeat(in TraceEvent happened)
    {
        string text = happened.Text;
        bool isBeat = text.StartsWith(Beat, StringComparison.Ordinal)
            && (text.EndsWith(BeatEnd, StringComparison.Ordinal)
                || text.EndsWith(RestEnd, StringComparison.Ordinal));
        if (isBeat)
        {
            string what = $"{WordAfter(text, " after ")} {WordAfter(text, " round ")}";
            (NodeId, NodeId, string) key = (happened.Node, happened.Peer, what);
            _unanswered[key] = _unanswered.GetValueOrDefault(key) + 1;
        }

        return isBeat;
    }

    // A message with entries may be answered in the same words; then the first one counts.
    private bool IsAnswer(in TraceEvent happened)
    {
        string text = happened.Text;
        if (!text.StartsWith(Answer, StringComparison.Ordinal))
            return false;

        string what = $"{WordAfter(text, " accepted ")} {WordAfter(text, " round ")}";
        (NodeId, NodeId, string) key = (happened.Peer, happened.Node, what);
        int count = _unanswered.GetValueOrDefault(key);
        if (count > 0)
            _unanswered[key] = count - 1;
        return count > 0;
    }

    private static ReadOnlySpan<char> WordAfter(string text, string mark)
    {
        int at = text.IndexOf(mark, StringComparison.Ordinal);
        if (at < 0)
            return [];

        ReadOnlySpan<char> rest = text.AsSpan(at + mark.Length);
        int end = rest.IndexOf(' ');
        return end < 0 ? rest : rest[..end];
    }
}
