namespace Synod.TestKit;

/// <summary>One operation of a history. Immutable, equal by content, safe for use from several
/// threads.</summary>
/// <param name="Process">Who called it: one operation after the other, and none after an unknown
/// outcome.</param>
/// <param name="F">What was asked for; its model says which there are.</param>
/// <param name="Key">On which of the independent objects.</param>
/// <param name="Value">What was given to it.</param>
/// <param name="Call">When it was called, in ticks of one clock.</param>
/// <param name="Return">When it was answered; null if that is not known.</param>
/// <param name="Type">What is known of it.</param>
/// <param name="Output">The answer, if it is <see cref="OperationType.Ok"/>.</param>
public sealed record Operation(
    int Process,
    string F,
    string Key,
    HistoryValue Value,
    long Call,
    long? Return,
    OperationType Type,
    HistoryValue Output)
{
    /// <summary>Whether it may have been answered this: an unknown outcome allows every
    /// answer.</summary>
    public bool Allows(HistoryValue answer) => Type != OperationType.Ok || Output == answer;

    /// <summary>The operation in one line, as in <c>incr(1) → 5</c>.</summary>
    public override string ToString()
    {
        string call = Value.IsNull ? $"{F}()" : $"{F}({Value})";
        return Type switch
        {
            OperationType.Ok => $"{call} → {Output}",
            OperationType.Fail => $"{call} failed",
            OperationType.Info => $"{call} unknown",
        };
    }

    /// <summary>The same, if nothing of its outcome were known.</summary>
    internal Operation Weakened() =>
        this with { Return = null, Type = OperationType.Info, Output = default };
}
