namespace Synod.Storage;

/// <summary>A data directory cannot be used: names what, where, and what to do.</summary>
public sealed class DataDirectoryException(string message, Exception? cause = null)
    : Exception(message, cause);
