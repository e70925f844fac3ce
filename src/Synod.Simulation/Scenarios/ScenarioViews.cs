using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The commands that look and change nothing.</summary>
internal static class ScenarioViews
{
    public static void Status(ScenarioRun run)
    {
        run.Say($"time {run.Group.Now}");
        foreach (GroupMember member in run.Group.Members)
            run.Say(Describe(member));
    }

    public static void Flights(ScenarioRun run)
    {
        foreach (GroupFlight flight in run.Group.Flights)
            run.Say($"{flight.From} -> {flight.To} {run.Group.Describe(flight)}");
    }

    public static void Log(ScenarioRun run, Member member)
    {
        GroupMember at = run.Group[member];
        for (RecordNumber number = new(1); number <= at.Appended; number = number.Next())
        {
            string mark = number <= at.Durable ? "" : " not durable";
            string what = at.Records.IsLost(number)
                ? "is lost"
                : at.Kernel.DescribeRecord(at.Record(number));
            run.Say($"{number} {what}{mark}");
        }
    }

    private static string Describe(GroupMember member)
    {
        if (!member.IsUp)
            return $"{member.Self} down with {member.Appended}";

        KernelStatus status = member.Kernel.Status;
        string leader = status.Leader?.ToString() ?? "unknown";
        return $"{member.Self} {status.Role} t{status.Term} leader {leader} last {status.Last} "
            + $"committed {status.Committed} durable {member.Durable} of {member.Appended} "
            + $"wakes at {member.Due}";
    }
}
