namespace Synod.Kernel;

/// <summary>To whom leadership is to go. The default leaves the choice to the leader.</summary>
public readonly record struct TransferOrder
{
    private TransferOrder(Member? target, bool isCancel)
    {
        Target = target;
        IsCancel = isCancel;
    }

    /// <summary>To the follower that is connected and has the most of the log.</summary>
    public static TransferOrder ToBest => default;

    /// <summary>To nobody: a transfer under way ends, and the leader goes on.</summary>
    public static TransferOrder Cancel => new(null, isCancel: true);

    /// <summary>Who is to lead; null if the leader chooses, or if it cancels.</summary>
    public Member? Target { get; }

    /// <summary>Whether it ends a transfer instead of beginning one.</summary>
    public bool IsCancel { get; }

    /// <summary>To one member.</summary>
    public static TransferOrder To(Member target) => new(target, isCancel: false);

    /// <summary>As in <c>to m1</c>, <c>to the best</c> and <c>cancel</c>.</summary>
    public override string ToString() =>
        IsCancel ? "cancel" : $"to {Target?.ToString() ?? "the best"}";
}
