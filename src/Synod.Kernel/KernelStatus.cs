namespace Synod.Kernel;

/// <summary>A view of a kernel, for routing and for people.</summary>
/// <param name="Role">What it does.</param>
/// <param name="Leader">Who leads, as far as it knows.</param>
/// <param name="Term">The term, or the round of the ballot.</param>
/// <param name="Last">The newest position in its log.</param>
/// <param name="Committed">Up to where it knows the log to be committed.</param>
/// <param name="Health">What damage of its records has left of its voice.</param>
public readonly record struct KernelStatus(
    KernelRole Role,
    Member? Leader,
    long Term,
    long Last,
    long Committed,
    KernelHealth Health = KernelHealth.Whole)
{
    /// <summary>To whom this leader is handing leadership over; null while it is not.</summary>
    public Member? Successor { get; init; }
}
