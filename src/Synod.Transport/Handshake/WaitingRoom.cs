namespace Synod.Transport;

/// <summary>The connections whose handshake is not over, oldest first: a bounded number. Safe for
/// use from several threads.</summary>
internal sealed class WaitingRoom(int connectionsMax)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Connection> _waiting = [];

    /// <summary>How many there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    /// <summary>Takes a connection in. If there is no room the one that has waited longest must go:
    /// whoever means it is through in a moment, so it is not among those.</summary>
    /// <returns>Who must go, or null; it has left already.</returns>
    public Connection? Enter(Connection connection)
    {
        lock (_gate)
        {
            Connection? oldest =
                _waiting.Count >= connectionsMax ? _waiting.First?.Value : null;
            if (oldest is not null)
                _waiting.RemoveFirst();
            _waiting.AddLast(connection);
            return oldest;
        }
    }

    /// <summary>The handshake of a connection is over, however it went.</summary>
    public void Leave(Connection connection)
    {
        lock (_gate)
            _waiting.Remove(connection);
    }
}
