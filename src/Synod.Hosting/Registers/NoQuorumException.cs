namespace Synod.Hosting;

/// <summary>No majority has answered in time, and the caller wanted that to be an
/// exception.</summary>
public sealed class NoQuorumException : Exception
{
    /// <summary>Without a reason.</summary>
    public NoQuorumException()
    {
    }

    /// <summary>With a reason.</summary>
    public NoQuorumException(string message)
        : base(message)
    {
    }

    /// <summary>With a reason and a cause.</summary>
    public NoQuorumException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Of an outcome.</summary>
    public NoQuorumException(RegisterOutcome.NoQuorum outcome)
        : base(outcome?.Why) => MayHaveHappened = outcome?.MayHaveHappened ?? false;

    /// <summary>Whether a change may have happened, and may still happen, once.</summary>
    public bool MayHaveHappened { get; }
}
