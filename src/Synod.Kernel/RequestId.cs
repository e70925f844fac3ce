namespace Synod.Kernel;

/// <summary>A replica's own ticket for a request that waits for an answer. It never leaves the
/// replica and dies with its life; zero is no request.</summary>
public readonly record struct RequestId(long Number)
{
    /// <summary>As in <c>q7</c>.</summary>
    public override string ToString() => $"q{Number}";
}
