namespace Synod.Adapters.Tests.Transport;

/// <summary>Awaits what must happen, with far more patience than it needs.</summary>
internal static class Soon
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Task WithinReason(this Task task) =>
        task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task<T> WithinReason<T>(this Task<T> task) =>
        task.WaitAsync(Patience, TestContext.Current.CancellationToken);

    public static Task<T> WithinReason<T>(this ValueTask<T> task) => task.AsTask().WithinReason();
}
