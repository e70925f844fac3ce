using Synod.Kernel;
using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>What clients of a model ask for, and what a machine without fault answers.</summary>
/// <param name="Model">The model.</param>
/// <param name="Next">The call with a number, which makes its value its own.</param>
/// <param name="Answer">The answer in a state.</param>
internal sealed record ClientCalls<TState>(
    HistoryModel<TState> Model,
    Func<SeededRandom, long, (string F, HistoryValue Value)> Next,
    Func<TState, Operation, HistoryValue> Answer)
    where TState : notnull, IEquatable<TState>;
