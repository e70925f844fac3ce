namespace Synod.Hosting;

/// <summary>A node could not start: names what, where, and what to do. Nothing was lost.</summary>
public sealed class NodeStartException(string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Whether another process has what is needed, so that nothing else is
    /// wrong.</summary>
    public bool IsTaken { get; init; }
}
