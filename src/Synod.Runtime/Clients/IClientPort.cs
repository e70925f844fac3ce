namespace Synod.Runtime;

/// <summary>What a client core uses: connections to the nodes, by their position in its list, and
/// whoever waits for answers.</summary>
public interface IClientPort
{
    /// <summary>Sends a frame to a node that is connected.</summary>
    /// <param name="node">Its position.</param>
    /// <param name="frame">The frame; valid during the call.</param>
    /// <returns>Whether it was taken. Otherwise there is no room for it just now, or no connection
    /// any more, and nothing of it ever leaves.</returns>
    bool Send(int node, ReadOnlySpan<byte> frame);

    /// <summary>The command of a stepwise call is committed: it will run. Its end is told as well,
    /// and is unknown at worst.</summary>
    /// <param name="number">The number of the call.</param>
    /// <param name="isCertain">Whether it certainly takes effect when it runs. Otherwise an earlier
    /// command of the session on its key is under way, or has ended as unknown: where that one runs
    /// later, this one changes nothing, is sent once more, and is told again.</param>
    void Committed(long number, bool isCertain)
    {
    }

    /// <summary>A call has ended.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="kind">How; out of order and superseded never come out.</param>
    /// <param name="bytes">What depends on how, see <see cref="ResponseKind"/>. Valid during the
    /// call.</param>
    void Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes);

    /// <summary>A key that is watched has a state that was not told yet. To be told as used, see
    /// <see cref="ClientCore.Use"/>, when it is held no longer.</summary>
    /// <param name="news">Whose, from where, and what.</param>
    /// <param name="answer">The answer of the machine. Valid during the call.</param>
    void Watched(in ClientNews news, ReadOnlySpan<byte> answer);

    /// <summary>A watch has ended for good.</summary>
    /// <param name="watch">Its number.</param>
    /// <param name="kind">How: refused, too large, not allowed, malformed or overloaded.</param>
    /// <param name="bytes">What depends on how, see <see cref="ResponseKind"/>. Valid during the
    /// call.</param>
    void WatchEnded(long watch, ResponseKind kind, ReadOnlySpan<byte> bytes);
}
