namespace Synod.Simulation;

/// <summary>Looks at every state that a small group of bare kernels can get into: every order of
/// frames, flushes, timeouts, commands and crashes, breadth first. A kernel cannot be copied, so
/// each way is gone anew from the start. Safe for use from several threads: each search is on its
/// own.</summary>
public static class Explorer
{
    /// <summary>One search. It ends at the first promise that is broken; there is no shorter way to
    /// break one.</summary>
    /// <param name="options">What is looked at, and how far.</param>
    /// <param name="progress">Is told the number of states, now and then.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ExploreReport Run(ExploreOptions options, Action<int>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new Search(options, progress ?? Nothing).Run();
    }

    private static void Nothing(int states)
    {
    }
}
