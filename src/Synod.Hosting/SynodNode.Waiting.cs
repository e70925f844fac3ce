using Synod.Runtime;

namespace Synod.Hosting;

/// <content>Whom it waits for.</content>
public sealed partial class SynodNode
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits until other members are connected and the groups of this node are served
    /// here. Safe for use from any thread, once the node is started.</summary>
    /// <param name="condition">Whom it waits for.</param>
    /// <param name="limit">The longest time.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">The caller no longer waits.</exception>
    public async Task<StartOutcome> WaitAsync(
        StartCondition condition, TimeSpan limit, CancellationToken cancellation = default)
    {
        long begun = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(LookAgainAfter);
        while (true)
        {
            if (Ended.IsCompleted)
                return new StartOutcome.Stopped();

            string[] lacking = [.. _groups
                .Select(group => Lacking(group, condition))
                .Where(static lack => lack.Length > 0)];
            if (lacking.Length == 0)
                return new StartOutcome.Reached();
            if (TimeProvider.System.GetElapsedTime(begun) >= limit)
                return new StartOutcome.TimedOut(string.Join("; ", lacking));

            await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
        }
    }

    // Waits as the options say.
    internal async Task WaitAsync(CancellationToken cancellation)
    {
        StartOutcome outcome = await WaitAsync(
            _options.StartCondition, _options.StartTimeout, cancellation).ConfigureAwait(false);
        if (outcome is StartOutcome.TimedOut timedOut)
        {
            throw new NodeStartException(
                $"{Self} waited {_options.StartTimeout.TotalSeconds:0.###} s for "
                + $"{_options.StartCondition.ToString().ToLowerInvariant()} members: "
                + $"{timedOut.Lacking}. Nothing was lost. Start the others, or wait longer.");
        }
    }

    private static string Lacking(HostedGroup group, StartCondition condition)
    {
        if (condition == StartCondition.None)
            return "";

        GroupCounters counters = group.Counters;
        int members = counters.Members;
        int needed = condition == StartCondition.All ? members : (members / 2) + 1;
        if (!counters.IsServing || members == 0)
            return $"{group.Id} is not created, since not all its members were there";

        return counters.ConnectedMembers >= needed
            ? ""
            : $"{group.Id} has {counters.ConnectedMembers} of {members} members and needs {needed}";
    }
}
