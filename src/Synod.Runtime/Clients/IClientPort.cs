namespace Synod.Runtime;

/// <summary>What a client core uses: connections to the nodes, by their position in its list, and
/// whoever waits for answers.</summary>
public interface IClientPort
{
    /// <summary>Sends a frame to a node that is connected.</summary>
    void Send(int node, ReadOnlySpan<byte> frame);

    /// <summary>A call has ended.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="kind">How; out of order and superseded never come out.</param>
    /// <param name="bytes">What depends on how, see <see cref="ResponseKind"/>. Valid during the
    /// call.</param>
    void Completed(long number, ResponseKind kind, ReadOnlySpan<byte> bytes);
}
