namespace Synod.Hosting;

/// <summary>Whether a life is over.</summary>
/// <param name="End">The command that ends it; null if it goes on.</param>
/// <param name="Fault">Why it is not known; null if it is.</param>
internal readonly record struct Over(EndKey? End, RegisterOutcome? Fault = null)
{
    /// <summary>It goes on.</summary>
    public static Over No => default;

    /// <summary>What a caller hears whose own value this is.</summary>
    public RegisterOutcome.Refused ToRefusal() => End?.Clock is null
        ? new RegisterOutcome.Refused(
            RegisterRefusal.DeadOwner, "What the value was to live with has ended.")
        : new RegisterOutcome.Refused(
            RegisterRefusal.PastTime, "The time until which the value was to live has passed.");
}
