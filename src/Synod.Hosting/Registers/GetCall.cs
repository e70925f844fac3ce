namespace Synod.Hosting;

/// <summary>How a value is asked for.</summary>
public sealed record GetCall : RegisterCall
{
    /// <summary>What the caller gets if there is no value. Null, which is the default:
    /// <see cref="RegisterOutcome.NotFound"/>.</summary>
    public ReadOnlyMemory<byte>? Default { get; init; }
}
