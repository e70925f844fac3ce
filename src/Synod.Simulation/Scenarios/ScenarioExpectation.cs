using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>What a line with <c>expect</c> says: it holds, whatever trace is written
/// down.</summary>
internal static class ScenarioExpectation
{
    public const string Usage =
        "expect MEMBER [down|following|campaigning|leading] [term N] [leader MEMBER|unknown] "
        + "[last N] [committed N] [applied \"COMMAND\"...|nothing] | expect REQUEST "
        + "open|ordered|applied|answered|rejected|abandoned|lost|done|cancelled|overridden"
        + "|unresponsive|other-leads|not-leader";

    private static readonly (string, string)[] Roles =
        [("down", "down"), ("following", "Following"), ("campaigning", "Campaigning"),
        ("leading", "Leading")];

    private static readonly (string, RequestEnd)[] Ends =
    [
        ("open", RequestEnd.Open),
        ("ordered", RequestEnd.Ordered),
        ("applied", RequestEnd.Applied),
        ("answered", RequestEnd.Answered),
        ("rejected", RequestEnd.Rejected),
        ("abandoned", RequestEnd.Abandoned),
        ("lost", RequestEnd.Lost),
        ("done", RequestEnd.Done),
        ("cancelled", RequestEnd.Cancelled),
        ("overridden", RequestEnd.Overridden),
        ("unresponsive", RequestEnd.Unresponsive),
        ("other-leads", RequestEnd.OtherLeads),
        ("not-leader", RequestEnd.NotLeader),
    ];

    public static Action<ScenarioRun> Parse(ScenarioWords words)
    {
        if (words.TakeRequest() is RequestId request)
        {
            RequestEnd end = words.OneOf("the end of a request", Ends);
            words.End();
            return run => Check($"{request}", end, EndOf(run, request));
        }

        Member member = words.Member();
        Action<ScenarioRun>? all = null;
        do
            all += ParseOne(words, member);
        while (!words.IsEmpty);
        return all;
    }

    private static Action<ScenarioRun> ParseOne(ScenarioWords words, Member member)
    {
        string of = $"{member}";
        if (words.Take("term"))
            return Number(words, $"the term of {of}", run => StatusOf(run, member).Term);
        if (words.Take("last"))
            return Number(words, $"the last of {of}", run => StatusOf(run, member).Last);
        if (words.Take("committed"))
            return Number(words, $"committed of {of}", run => StatusOf(run, member).Committed);
        if (words.Take("leader"))
        {
            string leader = words.Take("unknown") ? "unknown" : $"{words.Member()}";
            return run => Check(
                $"the leader of {of}",
                leader,
                StatusOf(run, member).Leader?.ToString() ?? "unknown");
        }

        if (words.Take("applied"))
            return Applied(words, member);

        string role = words.OneOf("the role", Roles);
        return run => Check(of, role, RoleOf(run.Group[member]));
    }

    private static Action<ScenarioRun> Number(
        ScenarioWords words, string what, Func<ScenarioRun, long> actual)
    {
        long expected = words.Number("N", 0, long.MaxValue);
        return run => Check(what, expected, actual(run));
    }

    private static Action<ScenarioRun> Applied(ScenarioWords words, Member member)
    {
        List<string> commands = [];
        if (!words.Take("nothing"))
        {
            do
                commands.Add(words.Quoted());
            while (!words.IsEmpty);
        }

        return run => Check(
            $"what {member} applied",
            string.Join(", ", commands),
            string.Join(", ", run.Group.Requests.AppliedBy(member)));
    }

    private static KernelStatus StatusOf(ScenarioRun run, Member member) =>
        run.Up(member).Kernel.Status;

    private static string RoleOf(GroupMember member) =>
        member.IsUp ? $"{member.Kernel.Status.Role}" : "down";

    private static RequestEnd EndOf(ScenarioRun run, RequestId request) =>
        run.Group.Requests.Find(request)?.End
        ?? throw new ScenarioFault($"{request} was never asked");

    private static void Check<T>(string what, T expected, T actual)
    {
        if (!Equals(expected, actual))
            throw new ScenarioFault($"{what} is {actual}, expected {expected}");
    }
}
