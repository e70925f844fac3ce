using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>Tries every order there is, without any thought.</summary>
internal static class BruteForce
{
    public static bool IsLinearizable<TState>(
        HistoryModel<TState> model, IEnumerable<Operation> operations)
        where TState : notnull, IEquatable<TState>
    {
        Operation[] possible =
            [.. operations.Where(static operation => operation.Type != OperationType.Fail)];
        return model.IsPartitioned
            ? possible.GroupBy(static operation => operation.Key)
                .All(key => HasOrder(model, model.Initial, [.. key]))
            : HasOrder(model, model.Initial, possible);
    }

    private static bool HasOrder<TState>(
        HistoryModel<TState> model, TState state, Operation[] rest)
        where TState : notnull, IEquatable<TState> =>
        rest.All(static operation => operation.Type == OperationType.Info)
        || rest.Any(first => rest.All(other => !IsBefore(other, first))
            && model.TryApply(state, first, out TState next)
            && HasOrder(model, next, [.. rest.Where(other => !ReferenceEquals(other, first))]));

    private static bool IsBefore(Operation one, Operation other) =>
        one.Return < other.Call
        || (one.Return == other.Call && one.Process == other.Process && IsEarlier(one, other));

    private static bool IsEarlier(Operation one, Operation other) => one.Call < other.Call
        || (one.Call == other.Call && one.Return < (other.Return ?? long.MaxValue));
}
