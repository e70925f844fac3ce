namespace Synod.Transport;

/// <summary>Counts the tasks of a transport, so that its end can be awaited. Safe for use from
/// several threads.</summary>
internal sealed class Running(Action<Exception> failed)
{
    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the owner.
    private int _count = 1;

    /// <summary>Counts a task until it ends. A failure is our own bug, and is told.</summary>
    public async Task Track(Task task)
    {
        Interlocked.Increment(ref _count);
        try
        {
            await task.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            failed(failure);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Complete when all tasks have ended. Called once.</summary>
    public Task EndAsync()
    {
        Release();
        return _ended.Task;
    }

    private void Release()
    {
        if (Interlocked.Decrement(ref _count) == 0)
            _ended.TrySetResult();
    }
}
