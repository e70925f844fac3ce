using Synod.TestKit;

namespace Synod.Simulation;

/// <summary>How a call that took several steps has ended, in the words of the model.</summary>
/// <param name="Type">What is known of it. Unknown is right wherever one step may still
/// happen.</param>
/// <param name="Output">The answer, if it is <see cref="OperationType.Ok"/>.</param>
public readonly record struct WorkloadEnd(OperationType Type, HistoryValue Output = default);
