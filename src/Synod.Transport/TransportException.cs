namespace Synod.Transport;

/// <summary>The transport cannot begin: names what, where, and what to do.</summary>
public sealed class TransportException(string message, Exception? cause = null)
    : Exception(message, cause);
