using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>All commands of the language of scenarios but the first one, see
/// <see cref="ScenarioHeader"/>.</summary>
internal static class ScenarioForms
{
    public static IReadOnlyList<ScenarioForm> All { get; } =
    [
        .. Inputs(), .. Frames(), .. Lives(), .. Connections(), .. Looks(),
    ];

    public static ScenarioForm? Find(string name) => All.FirstOrDefault(form => form.Name == name);

    private static IEnumerable<ScenarioForm> Inputs() =>
    [
        new("start", "start", static words => Ends(words, static run => run.Start())),
        new("propose", "propose MEMBER \"COMMAND\"...", Propose),
        new("read", "read MEMBER [COUNT]", Read),
        new("transfer", "transfer MEMBER TARGET|best|cancel", Transfer),
        new("persist", "persist MEMBER [COUNT]", Persist),
        new("wake", "wake MEMBER", static words =>
            Of(words, static (run, member) => run.Wake(member))),
        new("tick", "tick TIME", static words =>
        {
            TimeSpan time = words.Time();
            return Ends(words, run => run.Tick(time));
        }),
        new("pressure", "pressure MEMBER none|high|full", Pressure),
        new("settle", "settle [MEMBER...]", static words =>
        {
            MemberSet members = words.Members();
            return Ends(words, run =>
            {
                foreach (Member member in members)
                    run.Group.Settle(run.Group[member]);
            });
        }),
        new("stabilize", "stabilize [MEMBER...]", static words =>
        {
            MemberSet members = words.Members();
            return Ends(words, run => run.Stabilize(members));
        }),
    ];

    private static IEnumerable<ScenarioForm> Frames() =>
    [
        Frame("deliver", static (run, pick) => run.Each(pick, run.Group.Deliver)),
        Frame("copy", static (run, pick) => run.Each(pick, run.Group.DeliverCopy)),
        Frame("drop", static (run, pick) => run.Each(pick, run.Group.Drop)),
        Frame("duplicate", static (run, pick) => run.Each(pick, run.Group.Duplicate)),
        Frame("delay", static (run, pick) => run.Delay(pick)),
        Frame("release", static (run, pick) => run.Release(pick)),
    ];

    private static IEnumerable<ScenarioForm> Lives() =>
    [
        new("crash", "crash MEMBER [keep COUNT|all]", Crash),
        new("restart", "restart MEMBER", static words =>
            Of(words, static (run, member) => run.Group.Begin(run.Down(member)))),
        new("restart-in-place", "restart-in-place MEMBER", static words =>
            Of(words, static (run, member) => run.Group.RestartInPlace(run.Up(member)))),
        new("corrupt", "corrupt MEMBER FIRST [LAST] [blind]", Corrupt),
    ];

    private static IEnumerable<ScenarioForm> Connections() =>
    [
        new("up", "up MEMBER PEER", static words => Hear(words, isUp: true)),
        new("down", "down MEMBER PEER", static words => Hear(words, isUp: false)),
        new("cut", "cut FROM TO", static words =>
        {
            (MemberSet from, MemberSet to) = (words.MemberOrAny(), words.MemberOrAny());
            return Ends(words, run => Cut(run, from, to));
        }),
        new("partition", "partition MEMBER... | MEMBER... [| MEMBER...]", Partition),
        new("heal", "heal", static words => Ends(words, static run => run.Group.Heal())),
    ];

    private static IEnumerable<ScenarioForm> Looks() =>
    [
        new("status", "status", static words => Ends(words, ScenarioViews.Status)),
        new("flights", "flights", static words => Ends(words, ScenarioViews.Flights)),
        new("log", "log MEMBER", static words => Of(words, ScenarioViews.Log)),
        new("expect", ScenarioExpectation.Usage, ScenarioExpectation.Parse),
    ];

    private static Action<ScenarioRun> Ends(ScenarioWords words, Action<ScenarioRun> action)
    {
        words.End();
        return action;
    }

    private static Action<ScenarioRun> Of(ScenarioWords words, Action<ScenarioRun, Member> action)
    {
        Member member = words.Member();
        return Ends(words, run => action(run, member));
    }

    private static ScenarioForm Frame(string name, Action<ScenarioRun, ScenarioPick> action) =>
        new(name, $"{name} {ScenarioPick.Usage}", words =>
        {
            ScenarioPick pick = ScenarioPick.Parse(words);
            return run => action(run, pick);
        });

    private static Action<ScenarioRun> Propose(ScenarioWords words)
    {
        Member member = words.Member();
        List<string> commands = [words.Quoted()];
        while (!words.IsEmpty)
            commands.Add(words.Quoted());
        return run =>
        {
            foreach (string command in commands)
                run.Group.Propose(run.Up(member), command);
        };
    }

    private static Action<ScenarioRun> Read(ScenarioWords words)
    {
        Member member = words.Member();
        long count = words.IsEmpty ? 1 : words.Number("COUNT", 1, 1000);
        return Ends(words, run =>
        {
            for (long read = 0; read < count; read++)
                run.Group.Read(run.Up(member));
        });
    }

    private static Action<ScenarioRun> Transfer(ScenarioWords words)
    {
        Member member = words.Member();
        TransferOrder order = words.Take("best") ? TransferOrder.ToBest
            : words.Take("cancel") ? TransferOrder.Cancel
            : TransferOrder.To(words.Member());
        return Ends(words, run => run.Group.Transfer(run.Up(member), order));
    }

    private static Action<ScenarioRun> Persist(ScenarioWords words)
    {
        Member member = words.Member();
        long? count = words.IsEmpty ? null : words.Number("COUNT", 1, 1000);
        return Ends(words, run => run.Persist(member, count));
    }

    private static Action<ScenarioRun> Pressure(ScenarioWords words)
    {
        Member member = words.Member();
        StoragePressure pressure = words.OneOf(
            "the pressure",
            ("none", StoragePressure.None),
            ("high", StoragePressure.High),
            ("full", StoragePressure.Full));
        return Ends(words, run => run.Group.Feel(run.Up(member), pressure));
    }

    private static Action<ScenarioRun> Crash(ScenarioWords words)
    {
        Member member = words.Member();
        int kept = !words.Take("keep") ? 0
            : words.Take("all") ? int.MaxValue / 2
            : (int)words.Number("COUNT", 1, 1000);
        return Ends(words, run => run.Crash(member, kept));
    }

    private static Action<ScenarioRun> Corrupt(ScenarioWords words)
    {
        Member member = words.Member();
        long first = words.Number("FIRST", 1, 1000);
        bool isBlind = words.Take("blind");
        long last = isBlind || words.IsEmpty ? first : words.Number("LAST", first, 1000);
        isBlind |= words.Take("blind");
        return Ends(words, run => run.Corrupt(member, (first, last), isBlind));
    }

    private static Action<ScenarioRun> Hear(ScenarioWords words, bool isUp)
    {
        (Member member, Member peer) = (words.Member(), words.Member());
        if (member == peer)
            throw new ScenarioFault($"{member} has no connection to itself");
        return Ends(words, run => run.Group.Hear(run.Up(member), peer, isUp));
    }

    private static Action<ScenarioRun> Partition(ScenarioWords words)
    {
        List<MemberSet> parts = [words.Members()];
        while (words.Take("|"))
            parts.Add(words.Members());
        if (parts.Count < 2 || parts.Sum(static part => part.Count) != Union(parts).Count)
            throw new ScenarioFault("a partition has two parts or more, and nobody is in two");
        return Ends(words, run =>
        {
            foreach (MemberSet part in parts)
                Cut(run, part, new MemberSet((ushort)(Union(parts).Bits & ~part.Bits)));
        });
    }

    private static MemberSet Union(IEnumerable<MemberSet> parts) =>
        parts.Aggregate(static (all, part) => new MemberSet((ushort)(all.Bits | part.Bits)));

    private static void Cut(ScenarioRun run, MemberSet from, MemberSet to)
    {
        foreach (Member sender in from)
        {
            foreach (Member receiver in to)
            {
                if (sender != receiver)
                    run.Group.Cut(sender, receiver);
            }
        }
    }
}
