using System.Diagnostics;

namespace Synod.Processes.Tests;

/// <summary>Waits that end: with what was waited for, or with the reason why not.</summary>
internal static class Soon
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a test waits at the most.</summary>
    public static TimeSpan Limit => Patience;

    public static async Task Within(Task task, Func<string> otherwise)
    {
        try
        {
            await task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail(otherwise());
        }
    }

    public static async Task<T> Within<T>(Task<T> task, Func<string> otherwise)
    {
        await Within((Task)task, otherwise);
        return await task;
    }

    /// <summary>Asks until the answer is not null.</summary>
    public static async Task<T> Until<T>(Func<Task<T?>> ask, Func<string> otherwise)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        using PeriodicTimer timer = new(AskAgainAfter);
        while (true)
        {
            if (await ask() is T answer)
                return answer;
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail(otherwise());
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
