namespace Synod.Kernel;

/// <summary>A bug of ours: an invariant does not hold. The replica that throws it stops; it must
/// not go on with a state that is known to be wrong.</summary>
public sealed class InvariantBrokenException(string rule, string expression)
    : Exception($"{rule}: {expression}")
{
    /// <summary>The rule whose invariant is broken.</summary>
    public string Rule => rule;
}
