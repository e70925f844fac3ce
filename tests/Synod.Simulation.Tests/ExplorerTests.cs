using Synod.Raft;

namespace Synod.Simulation.Tests;

/// <summary>The search looks at everything within its bounds, and finds the shortest way to what is
/// broken.</summary>
public class ExplorerTests
{
    // m0 leads term 1 by its own lights, and m1 leads term 2.
    private const string TwoLeaders = """
        nodes 3 protocol raft
        start
        wake m0
        stabilize
        wake m1
        stabilize m1 m2
        drop all
        expect m0 leading term 1
        expect m1 leading term 2
        """;

    // Both commands are proposed, and m1 has lost m0, whose frames still come.
    private const string TwoOwners = """
        nodes 3 protocol epaxos
        start
        propose m0 "a"
        persist m0
        propose m1 "b"
        persist m1
        down m1 m0
        """;

    // The first ballot of the key is m2's, who has proposed, and m0 is about to ask for the next.
    private const string TwoProposers = """
        nodes 3 protocol register
        start
        stabilize
        propose m2 "a"
        persist m2
        propose m0 "b"
        persist m0
        """;

    [Theory]
    [InlineData("raft", 10_000)]
    [InlineData("paxos", 1_000)]
    public void An_election_and_a_command_break_nothing_in_any_order_of_events(
        string protocol, int states)
    {
        ExploreReport report = Explorer.Run(AtStart(protocol) with
        {
            Depth = 100,
            Wakes = 1,
            Proposals = 1,
            Crashes = 0,
        });

        Assert.Equal((null, true, true), Outcome(report));
        Assert.True(report.States > states);
    }

    [Theory]
    [InlineData("raft")]
    [InlineData("paxos")]
    public void Two_timeouts_two_commands_and_a_crash_break_nothing_within_the_depth(
        string protocol)
    {
        ExploreReport report = Explorer.Run(AtStart(protocol) with { Depth = 8 });

        Assert.Equal((null, true, false), Outcome(report));
        Assert.Equal(8, report.Depth);
    }

    [Fact]
    public void Two_commands_that_conflict_and_a_recovery_break_nothing_within_the_depth()
    {
        Scenario twoOwners = Scenario.Parse("two", TwoOwners, [Setup.Protocol("epaxos")]);

        ExploreReport report = Explorer.Run(new ExploreOptions
        {
            From = twoOwners,
            Depth = 6,
            Wakes = 1,
            Proposals = 0,
            Crashes = 0,
        });

        Assert.Equal((null, true, false), Outcome(report));
    }

    [Fact]
    public void Two_proposers_of_one_key_a_read_and_a_crash_break_nothing_within_the_depth()
    {
        Scenario two = Scenario.Parse("two", TwoProposers, [Setup.Protocol("register")]);

        ExploreReport report = Explorer.Run(new ExploreOptions
        {
            From = two,
            Depth = 3,
            Wakes = 1,
            Proposals = 0,
            Reads = 1,
            Crashes = 1,
        });

        Assert.Equal((null, true, false), Outcome(report));
        Assert.True(report.States > 200);
    }

    [Fact]
    public void A_deposed_leader_breaks_nothing_within_the_depth()
    {
        Scenario twoLeaders = Scenario.Parse("two", TwoLeaders, [new RaftProtocol()]);

        ExploreReport report = Explorer.Run(new ExploreOptions
        {
            From = twoLeaders,
            Depth = 4,
            Wakes = 1,
            Proposals = 1,
            Reads = 1,
            Copies = 1,
        });

        Assert.Equal((null, true, false), Outcome(report));
    }

    [Fact]
    public void A_bug_is_found_and_its_shortest_way_is_a_scenario_that_fails_alike()
    {
        ConfusedProtocol confused = new();

        ExploreReport report =
            Explorer.Run(AtStart() with { From = ExploreOptions.AtStart(confused, 3) });

        Assert.NotNull(report.Violation);
        Assert.False(report.IsExhausted);
        Assert.NotNull(report.Scenario);
        ScenarioResult told = Scenario.Parse("found", report.Scenario, [confused]).Run();
        Assert.Equal($"a promise is broken: {report.Violation}", told.Failure);
    }

    [Fact]
    public void The_same_search_finds_the_same()
    {
        ExploreOptions options = AtStart() with { Depth = 6 };

        Assert.Equal(Explorer.Run(options), Explorer.Run(options));
    }

    [Fact]
    public void A_search_that_gave_up_says_so()
    {
        ExploreReport report = Explorer.Run(AtStart() with { StatesMax = 50 });

        Assert.Equal((null, false, false), Outcome(report));
    }

    [Fact]
    public void It_cannot_begin_where_a_scenario_fails()
    {
        Scenario fails = Scenario.Parse(
            "story", "nodes 3 protocol raft\nstart\nexpect m0 leading", [new RaftProtocol()]);

        ArgumentException thrown = Assert.Throws<ArgumentException>(
            () => Explorer.Run(new ExploreOptions { From = fails }));
        Assert.Equal(
            "The scenario fails: m0 is Following, expected Leading.", thrown.Message);
    }

    private static ExploreOptions AtStart(string protocol = "raft") => new()
    {
        From = ExploreOptions.AtStart(Setup.Protocol(protocol), members: 3),
    };

    private static (string? Violation, bool IsExhausted, bool IsComplete) Outcome(
        ExploreReport report) => (report.Violation, report.IsExhausted, report.IsComplete);
}
