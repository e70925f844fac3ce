using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <content>Which node is asked, and that a command is committed.</content>
public sealed partial class ClientCoreTests
{
    [Fact]
    public void Where_nobody_leads_the_fastest_node_is_asked_and_when_it_is_back_after_a_while()
    {
        _client = new ClientCore(new ClientCoreOptions(), nodes: 3, seed: 1, this);
        foreach ((int node, int distance) in new[] { (0, 30), (2, 20), (1, 10) })
            Connect(node, distance);
        Assert.Equal(1, Asked());

        _client.Disconnected(_now, 1);
        Assert.Equal(2, Asked());
        Assert.Equal(2, Asked());
        Connect(1, 10);
        Assert.Equal(2, Asked());
        _now += TimeSpan.FromSeconds(5);
        Assert.Equal(1, Asked());
    }

    // Or all would go to one node, by chance.
    [Fact]
    public void Of_nodes_that_are_about_equally_far_each_client_asks_another_one()
    {
        HashSet<int> asked = [];
        for (ulong seed = 1; seed <= 20; seed++)
        {
            _ended.Clear();
            _client = new ClientCore(new ClientCoreOptions(), nodes: 3, seed, this);
            for (int node = 0; node < 3; node++)
                _client.Connected(_now, node, new NodeId((uint)node + 1), Micros(100 + node));
            asked.Add(Asked());
        }

        Assert.Equal(3, asked.Count);

        static TimeSpan Micros(int count) => TimeSpan.FromMicroseconds(count);
    }

    [Fact]
    public void One_that_could_not_serve_is_asked_by_one_call_at_a_time_and_ever_more_rarely()
    {
        _client = new ClientCore(
            new ClientCoreOptions { Nearest = 1 }, nodes: 3, seed: 1, this);
        for (int node = 0; node < 3; node++)
            Connect(node, 10);
        List<int> tries = [];
        Instant begun = _now;
        for (int tenth = 0; tenth < 300; tenth++)
        {
            Submit("k");
            if (_sent[^1].Node == 1)
            {
                tries.Add((int)(_now - begun).TotalMilliseconds);
                Answer(_sent.Count - 1, ResponseKind.Unavailable, []);
                WakeAfter(100);
            }

            Answer(_sent.Count - 1, ResponseKind.Applied, []);
            _now += TimeSpan.FromMilliseconds(100);
        }

        Assert.InRange(tries.Count, 4, 6);
        Assert.Equal(tries.Order(), tries);
        _now += TimeSpan.FromSeconds(30);
        Assert.Equal(1, Asked());
        Assert.Equal(1, Asked());
    }

    [Fact]
    public void Where_one_leads_the_nearest_is_not_asked_again_though_it_comes_and_goes()
    {
        _client = new ClientCore(
            new ClientCoreOptions { Nearest = 1 }, nodes: 3, seed: 1, this);
        for (int node = 0; node < 3; node++)
            Connect(node, 10);
        Assert.Equal(1, Asked(leader: 0));
        for (int time = 0; time < 10; time++)
        {
            _client.Disconnected(_now, 1);
            Connect(1, 10);
            _now += TimeSpan.FromSeconds(5);
            Assert.Equal(0, Asked());
        }
    }

    [Fact]
    [Feature("A10")]
    public void That_a_command_is_committed_is_told_once_and_its_end_afterwards()
    {
        long call = Submit("k", RequestKind.StepwiseCommand);
        Answer(0, ResponseKind.Committed, []);
        Answer(0, ResponseKind.Committed, []);
        Assert.Equal([call], _committed);
        Assert.Empty(_ended);

        _client.Disconnected(_now, _sent[0].Node);
        Answer(1, ResponseKind.Committed, []);
        Answer(1, ResponseKind.Applied, []);
        Assert.Equal([call], _committed);
        Assert.Equal(ResponseKind.Applied, _ended[call]);
    }

    [Fact]
    [Feature("A10")]
    public void What_was_committed_and_whose_result_is_lost_is_unknown_and_never_undone()
    {
        long call = Submit("k", RequestKind.StepwiseCommand);
        Answer(0, ResponseKind.Committed, []);
        _client.Disconnected(_now, _sent[0].Node);
        Answer(1, ResponseKind.Overloaded, []);
        WakeAfter(6_000);

        Assert.Equal(ResponseKind.Unknown, _ended[call]);
    }

    [Fact]
    [Feature("A10")]
    public void Behind_a_command_that_may_still_run_nothing_is_committed_for_certain()
    {
        Serve();
        long first = Submit("k", RequestKind.StepwiseCommand);
        long second = Submit("k", RequestKind.StepwiseCommand);
        Answer(0, ResponseKind.Committed, []);
        Answer(1, ResponseKind.Committed, []);
        Assert.Equal([first, second], _committed);
        Assert.Equal([first], _certain);

        // It ran too early and changed nothing; the first one has run when it is sent once more.
        Answer(0, ResponseKind.Applied, []);
        Answer(1, ResponseKind.OutOfOrder, Bytes(0L));
        WakeAfter(100);
        Answer(2, ResponseKind.Committed, []);
        Assert.Equal([first, second, second], _committed);
        Assert.Equal([first, second], _certain);

        Answer(2, ResponseKind.Applied, []);
        Assert.Equal(ResponseKind.Applied, _ended[second]);
    }

    [Fact]
    [Feature("A10")]
    public void Behind_a_command_of_unknown_end_one_is_certain_once_its_place_was_shown()
    {
        long lost = Submit("k", RequestKind.StepwiseCommand);
        RunOut();
        Assert.Equal(ResponseKind.Unknown, _ended[lost]);

        long next = Submit("k", RequestKind.StepwiseCommand);
        Answer(_sent.Count - 1, ResponseKind.Committed, []);
        Assert.Equal([next], _committed);
        Assert.Empty(_certain);

        Answer(_sent.Count - 1, ResponseKind.OutOfOrder, Bytes(1L));
        Answer(_sent.Count - 1, ResponseKind.Committed, []);
        Assert.Equal([next], _certain);
    }

    [Fact]
    [Feature("A11")]
    public void Without_a_quorum_a_call_ends_when_all_that_are_connected_have_said_so()
    {
        _client.Disconnected(_now, 2);
        long call = Submit("k");
        long behind = Submit("k");
        Instant begun = _now;
        for (int sent = 0; !_ended.ContainsKey(behind);)
        {
            if (sent < _sent.Count)
                Answer(sent++, ResponseKind.NoQuorum, []);
            else
                WakeAfter(1);
        }

        Assert.Equal(ResponseKind.NoQuorum, _ended[call]);
        Assert.Equal(ResponseKind.NoQuorum, _ended[behind]);
        Assert.InRange((_now - begun).TotalMilliseconds, 250, 500);
        Assert.Equal([0, 1], _sent.Select(static sent => sent.Node).Distinct().Order());
    }

    [Fact]
    [Feature("A11")]
    public void A_node_that_is_cut_off_alone_hinders_nobody()
    {
        long call = Submit("k");
        Answer(0, ResponseKind.NoQuorum, []);
        WakeAfter(40);
        Assert.NotEqual(_sent[0].Node, _sent[1].Node);
        Answer(1, ResponseKind.Applied, []);

        Assert.Equal(ResponseKind.Applied, _ended[call]);
    }

    [Fact]
    [Feature("A11")]
    public void What_may_have_happened_does_not_end_as_certain_without_a_quorum()
    {
        long call = Submit("k");
        _client.Disconnected(_now, _sent[0].Node);
        for (int sent = 1; !_ended.ContainsKey(call);)
        {
            if (sent < _sent.Count)
                Answer(sent++, ResponseKind.NoQuorum, []);
            else
                WakeAfter(10);
        }

        Assert.Equal(ResponseKind.Unknown, _ended[call]);
    }

    private void Connect(int node, int distance) => _client.Connected(
        _now, node, new NodeId((uint)node + 1), TimeSpan.FromMilliseconds(distance));

    // Which node a command goes to, and serves it, or names the leader that does.
    private int Asked(int? leader = null)
    {
        Submit("k");
        int sent = _sent.Count - 1;
        if (leader is int named)
            Answer(sent, ResponseKind.NotLeader, Bytes((uint)named + 1));
        Answer(_sent.Count - 1, ResponseKind.Applied, []);
        return _sent[sent].Node;
    }
}
