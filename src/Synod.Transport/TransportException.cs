namespace Synod.Transport;

/// <summary>The transport cannot begin: names what, where, and what to do.</summary>
public sealed class TransportException(string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Whether another process has what is needed, so that nothing else is
    /// wrong.</summary>
    public bool IsTaken { get; init; }
}
