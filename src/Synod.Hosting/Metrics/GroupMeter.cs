using System.Diagnostics.Metrics;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>The instruments of the groups of one node: one for all groups, with a number for
/// each.</summary>
internal sealed class GroupMeter(
    Meter meter, KeyValuePair<string, object?> node, IReadOnlyList<HostedGroup> groups)
{
    public void Watch()
    {
        Counter("synod.proposals", "{command}", "Asked of the protocol.", static g => g.Proposals);
        Counter("synod.commits", "{command}", "Applied, once each.", static g => g.Applied);
        Counter("synod.reads", "{query}", "Linearizable queries.", static g => g.Reads);
        Counter("synod.reads.local", "{query}", "Local queries.", static g => g.LocalReads);
        Counter("synod.term.changes", "{change}", "New terms.", static g => g.TermChanges);
        Counter("synod.leader.changes", "{change}", "New leaders.", static g => g.LeaderChanges);
        Counter("synod.restarts", "{restart}", "Restarts in place.", static g => g.Restarts);
        Counter(
            "synod.machine.restarts",
            "{restart}",
            "Restarts of the machine alone.",
            static g => g.MachineRestarts);
        Counter("synod.crashes", "{crash}", "Exceptions in a replica.", static g => g.Crashes);
        Gauge("synod.stopped", "{group}", "1 if given up.", static g => g.IsStopped ? 1 : 0);
        Counter(
            "synod.violations",
            "{frame}",
            "Frames of peers that no correct peer sends.",
            static g => g.Violations);
        Gauge("synod.role", "{role}", "0 follow, 1 campaign, 2 lead.", static g => (long)g.Role);
        Gauge("synod.term", "{term}", "The term.", static g => g.Term);
        Gauge("synod.log.last", "{entry}", "The newest position.", static g => g.Last);
        Gauge("synod.log.committed", "{entry}", "Committed up to.", static g => g.Committed);
        Gauge("synod.pending", "{request}", "Waiting requests.", static g => g.PendingRequests);
        Gauge("synod.pending.bytes", "By", "Their bytes.", static g => g.PendingBytes);
        Gauge("synod.watches", "{watch}", "Served here.", static g => g.Watches);
        Counter("synod.watches.gaps", "{event}", "Told after a gap.", static g => g.WatchGaps);
        WatchAnswers();
        WatchHooks();
    }

    private void WatchAnswers() => meter.CreateObservableCounter<long>(
        "synod.answers",
        () => groups.SelectMany(group => Enum.GetValues<ResponseKind>().Select(kind =>
            new Measurement<long>(
                group.Counters.Answers(kind),
                node,
                TagOf(group),
                new KeyValuePair<string, object?>("synod.kind", kind.ToString())))),
        "{answer}",
        "Answers to clients, by what they say.");

    private void WatchHooks()
    {
        meter.CreateObservableCounter<long>(
            "synod.hook.dropped", () => Hooks(static hook => hook.Dropped), "{event}", "Not told.");
        meter.CreateObservableCounter<long>(
            "synod.hook.failed",
            () => Hooks(static hook => hook.Failed),
            "{event}",
            "Ended by an exception.");
        meter.CreateObservableGauge<long>(
            "synod.hook.queue",
            () => Hooks(static hook => hook.Bytes),
            "By",
            "What waits to be told.");
    }

    private void Counter(string name, string unit, string what, Func<GroupCounters, long> read) =>
        meter.CreateObservableCounter<long>(name, () => Each(read), unit, what);

    private void Gauge(string name, string unit, string what, Func<GroupCounters, long> read) =>
        meter.CreateObservableGauge<long>(name, () => Each(read), unit, what);

    private IEnumerable<Measurement<long>> Each(Func<GroupCounters, long> read) =>
        groups.Select(group => new Measurement<long>(read(group.Counters), node, TagOf(group)));

    private IEnumerable<Measurement<long>> Hooks(Func<HookQueue, long> read)
    {
        foreach (HostedGroup group in groups)
        {
            if (group.Hooks is HookQueue hooks)
                yield return new Measurement<long>(read(hooks), node, TagOf(group));
        }
    }

    private static KeyValuePair<string, object?> TagOf(HostedGroup group) =>
        new("synod.group", (long)group.Id.Number);
}
