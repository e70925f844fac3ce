using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>A call of a client whose end somebody waits for, and of a command that was cast also
/// the promise before it.</summary>
internal sealed class WaitingCall(RequestKind kind)
{
    private readonly TaskCompletionSource<ClientAnswer> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource<Commitment>? _committed =
        kind == RequestKind.StepwiseCommand
            ? new(TaskCreationOptions.RunContinuationsAsynchronously)
            : null;

    /// <summary>Its end.</summary>
    public Task<ClientAnswer> Ended => _ended.Task;

    /// <summary>The promise; of any other call than a stepwise command none.</summary>
    public Task<Commitment> Committed =>
        _committed?.Task ?? throw new InvalidOperationException($"A {kind} promises nothing.");

    /// <summary>It certainly takes effect.</summary>
    public void Commit() => _committed?.TrySetResult(Commitment.Committed);

    /// <summary>It has ended; who has run was committed, also where that was not heard.</summary>
    public void End(in ClientAnswer answer)
    {
        _committed?.TrySetResult(answer.Kind switch
        {
            ResponseKind.Applied or ResponseKind.Refused => Commitment.Committed,
            _ => answer.IsUnknown ? Commitment.Unknown : Commitment.Never,
        });
        _ended.TrySetResult(answer);
    }

    /// <summary>Its client is disposed of.</summary>
    public void Cancel()
    {
        _committed?.TrySetCanceled();
        _ended.TrySetCanceled();
    }
}
