using Synod.Raft;

namespace Synod.Simulation.Tests;

/// <summary>The language of scenarios: what is wrong is said by line, and what differs is
/// shown.</summary>
public class ScenarioTests
{
    private const string Group = "nodes 3 protocol raft\n";

    [Theory]
    [InlineData("", "line 1: there is no command; the first one is 'nodes COUNT protocol NAME "
        + "[seed NUMBER] [watched] [lease TIME] [settle manual]'")]
    [InlineData("start", "line 1: the first command is 'start', not the group; write 'nodes COUNT "
        + "protocol NAME [seed NUMBER] [watched] [lease TIME] [settle manual]'")]
    [InlineData("nodes 16 protocol raft", "line 1: COUNT is '16': use 1 to 15; write 'nodes COUNT "
        + "protocol NAME [seed NUMBER] [watched] [lease TIME] [settle manual]'")]
    [InlineData("nodes 3 protocol paxi", "line 1: NAME is 'paxi': use raft; write 'nodes COUNT "
        + "protocol NAME [seed NUMBER] [watched] [lease TIME] [settle manual]'")]
    [InlineData("nodes 3 protocol raft lease 2ms", "line 1: Promise is 00:00:00.0020000; it must "
        + "be zero or 10 ms to 1 hour.; write 'nodes COUNT protocol NAME [seed NUMBER] [watched] "
        + "[lease TIME] [settle manual]'")]
    [InlineData("  m0 wakes", "line 1: a line that is indented is the trace of the command above "
        + "it; there is none")]
    [InlineData(Group + "nodes 3 protocol raft", "line 2: the group is named once, in the first "
        + "command")]
    [InlineData(Group + "wake n1", "line 2: 'n1' is no member: use m0, m1, m2; write "
        + "'wake MEMBER'")]
    [InlineData(Group + "wake", "line 2: a member is missing; write 'wake MEMBER'")]
    [InlineData(Group + "wake m1 m2", "line 2: 'm2' is one word too many; write 'wake MEMBER'")]
    [InlineData(Group + "propose m1 a", "line 2: 'a' is no command in quotes, as in \"a\"; write "
        + "'propose MEMBER \"COMMAND\"...'")]
    [InlineData(Group + "propose m1 \"a", "line 2: a quote is not closed; write "
        + "'propose MEMBER \"COMMAND\"...'")]
    [InlineData(Group + "tick 5", "line 2: '5' is no time: write 150ms or 2s; write 'tick TIME'")]
    [InlineData(Group + "deliver m0 m1 some", "line 2: 'some' is no choice of frames: use 1 to "
        + "1000, #1 or all; write 'deliver all | FROM TO [COUNT|all|#PLACE]'")]
    [InlineData(Group + "pressure m0 low", "line 2: the pressure is 'low': use none, high, full; "
        + "write 'pressure MEMBER none|high|full'")]
    [InlineData(Group + "down m1 m1", "line 2: m1 has no connection to itself; write 'down MEMBER "
        + "PEER'")]
    [InlineData(Group + "partition m0 m1", "line 2: a partition has two parts or more, and nobody "
        + "is in two; write 'partition MEMBER... | MEMBER... [| MEMBER...]'")]
    [InlineData(Group + "corrupt m1", "line 2: FIRST is missing; write 'corrupt MEMBER FIRST "
        + "[LAST] [blind]'")]
    public void What_is_no_scenario_is_told_by_line_with_what_is_allowed(string text, string fault)
    {
        ScenarioException thrown = Assert.Throws<ScenarioException>(() => Parse(text));

        Assert.Equal([$"story.txt, {fault}"], thrown.Faults);
    }

    [Fact]
    public void All_faults_are_told_at_once()
    {
        ScenarioException thrown =
            Assert.Throws<ScenarioException>(() => Parse(Group + "start\nwake\nsleep m1\nwake m9"));

        Assert.Equal(3, thrown.Faults.Count);
        Assert.StartsWith(
            "story.txt, line 4: 'sleep' is no command: use start, propose, read, transfer, ",
            thrown.Faults[1],
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wake m0", "nothing was started: begin with 'start'")]
    [InlineData("start\nstart", "the group was started already")]
    [InlineData("start\nrestart m1", "m1 is up")]
    [InlineData("start\ncrash m1\nwake m1", "m1 is down")]
    [InlineData("start\npersist m1", "m1 has r0 of r0 durable already")]
    [InlineData("start\ndeliver m0 m1", "0 frames are on this way, and 1 are needed")]
    [InlineData("start\nexpect m0 leading", "m0 is Following, expected Leading")]
    [InlineData("start\nexpect q7 open", "q7 was never asked")]
    [InlineData("start\npropose m0 \"a\"\nexpect q1 open", "q1 is Rejected, expected Open")]
    public void What_cannot_be_done_fails_where_it_stands(string text, string failure)
    {
        ScenarioResult result = Parse(Group + text).Run();

        Assert.Equal(failure, result.Failure);
        Assert.EndsWith($"  FAILS: {failure}\n", result.Text, StringComparison.Ordinal);
        Assert.False(result.IsGood);
    }

    [Fact]
    public void A_difference_is_shown_with_line_numbers_and_what_is_around_it()
    {
        string right = Parse(Group + "start  # all of them\n\n# Look.\nstatus").Run().Text;
        string wrong = right.Replace("  m1 Following t0", "  m1 Leading t7");

        Assert.Equal("", Parse(right).Run().Difference);
        Assert.Equal(
            """
            @@ -11,5 +11,5 @@
             status
               time 0ms
               m0 Following t0 leader unknown last 0 committed 0 durable r0 of r0 wakes at 183ms
            -  m1 Leading t7 leader unknown last 0 committed 0 durable r0 of r0 wakes at 251ms
            +  m1 Following t0 leader unknown last 0 committed 0 durable r0 of r0 wakes at 251ms
               m2 Following t0 leader unknown last 0 committed 0 durable r0 of r0 wakes at 33ms

            """,
            Parse(wrong).Run().Difference);
        Assert.Equal(right, Parse(wrong).Run().Text);
    }

    [Fact]
    public void A_turn_can_be_ended_by_hand()
    {
        const string Text = """
            nodes 1 protocol raft settle manual
            start
            wake m0
            persist m0
            persist m0
            propose m0 "a" "b"
            read m0
            expect q3 open
            settle m0
            expect q3 answered
            persist m0
            expect m0 leading applied "a" "b"
            """;

        Assert.Null(Parse(Text).Run().Failure);
    }

    [Fact]
    public void A_promise_that_is_broken_fails_with_its_rule()
    {
        ScenarioResult result = Scenario.Parse(
            "story.txt",
            "nodes 3 protocol confused\nstart\nwake m1\nstabilize\nwake m2\nstabilize",
            [new ConfusedProtocol()]).Run();

        Assert.StartsWith(
            "a promise is broken: Raft §", result.Failure, StringComparison.Ordinal);
    }

    private static Scenario Parse(string text) =>
        Scenario.Parse("story.txt", text, [new RaftProtocol()]);
}
