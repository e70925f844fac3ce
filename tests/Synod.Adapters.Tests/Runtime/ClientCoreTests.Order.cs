using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Runtime;

/// <content>Commands of a session on one key: in their order, and no frame in vain.</content>
public sealed partial class ClientCoreTests
{
    [Fact]
    public void Commands_on_one_key_name_the_one_before_and_other_keys_do_not_count()
    {
        Serve();
        Submit("a");
        Submit("a");
        Submit("b");
        Submit("a");

        Assert.Equal([(2, 0), (3, 2), (4, 0), (5, 3)], SentSequences());
    }

    [Fact]
    public void A_command_given_up_is_not_named_as_previous()
    {
        Submit("k");
        RunOut();
        _sent.Clear();

        Submit("k");

        Assert.Equal((2, 0), (_sent[0].Identity.Sequence, _sent[0].Identity.Previous));
    }

    [Fact]
    public void A_command_given_up_that_did_happen_becomes_the_previous()
    {
        Submit("k");
        RunOut();
        _sent.Clear();
        Submit("k");

        Answer(0, ResponseKind.OutOfOrder, Bytes(1L));

        Assert.Equal((2, 1), (_sent[1].Identity.Sequence, _sent[1].Identity.Previous));
    }

    [Fact]
    public void A_command_that_came_too_early_waits_for_the_end_of_the_one_before_it()
    {
        Serve();
        long first = Submit("k");
        long second = Submit("k");

        Answer(1, ResponseKind.OutOfOrder, Bytes(0L));
        WakeAfter(500);
        Assert.Equal([(2, 0), (3, 2)], SentSequences());
        Answer(0, ResponseKind.Applied, []);

        Assert.Equal([(2, 0), (3, 2), (3, 2)], SentSequences());
        Answer(2, ResponseKind.Applied, []);
        Assert.Equal(
            (ResponseKind.Applied, ResponseKind.Applied), (_ended[first], _ended[second]));
    }

    // The node works off what there is: to ask again would give it more.
    [Fact]
    public void A_node_that_answers_for_the_order_is_not_silent()
    {
        Serve();
        Submit("k");
        Submit("k");

        WakeAfter(900);
        Answer(1, ResponseKind.OutOfOrder, Bytes(0L));
        WakeAfter(200);
        Assert.Equal([(2, 0), (3, 2)], SentSequences());
        WakeAfter(900);

        Assert.Equal([(2, 0), (3, 2), (2, 0)], SentSequences());
    }

    [Fact]
    public void Nothing_follows_a_command_to_a_node_that_is_not_known_to_serve()
    {
        Submit("k");
        Submit("k");
        Submit("k");
        Assert.Equal([(1, 0)], SentSequences());

        Answer(0, ResponseKind.Applied, []);

        Assert.Equal([(1, 0), (2, 1), (3, 2)], SentSequences());
        Assert.Single(_sent.Select(static sent => sent.Node).Distinct());
    }

    [Fact]
    public void Those_behind_a_command_follow_it_to_the_leader_that_is_named()
    {
        Submit("k");
        Submit("k");
        Submit("k");
        int leader = (_sent[0].Node + 1) % 3;

        Answer(0, ResponseKind.NotLeader, Bytes((uint)leader + 1));

        Assert.Equal([(1, 0), (1, 0), (2, 1), (3, 2)], SentSequences());
        Assert.All(_sent.Skip(1), sent => Assert.Equal(leader, sent.Node));
    }

    [Fact]
    public void Those_behind_a_command_that_is_given_up_go_on()
    {
        Submit("k");
        _now += TimeSpan.FromMilliseconds(1);
        long second = Submit("k");

        while (!_ended.ContainsKey(1))
            WakeAfter(1);
        int sent = _sent.FindIndex(static sent => sent.Identity.Sequence == 2);
        Assert.True(sent > 0);
        Assert.Equal(0, _sent[sent].Identity.Previous);
        Answer(sent, ResponseKind.Applied, []);

        Assert.Equal(ResponseKind.Applied, _ended[second]);
    }

    // Without this each of them is sent and refused at each wake, until none has time to end.
    [Fact]
    public void A_thousand_commands_on_one_key_move_to_another_leader_with_two_frames_each()
    {
        Serve();
        List<long> calls = [.. Enumerable.Range(0, 1000).Select(_ => Submit("k"))];
        int leader = (_sent[0].Node + 1) % 3;

        for (int sent = 0; sent < 1000; sent++)
            Answer(sent, ResponseKind.NotLeader, Bytes((uint)leader + 1));
        Assert.All(_sent.Skip(1000), sent => Assert.Equal(leader, sent.Node));
        for (int sent = 1000; sent < _sent.Count; sent++)
            Answer(sent, ResponseKind.Applied, []);

        Assert.Equal(2000, _sent.Count);
        Assert.All(calls, call => Assert.Equal(ResponseKind.Applied, _ended[call]));
    }

    // They were kept for ever.
    [Fact]
    public void Keys_whose_last_command_is_longest_ago_are_forgotten()
    {
        ForgetBeyond(2 * (256 + 1));
        foreach (string key in (string[])["a", "b", "c", "b", "a"])
        {
            Submit(key);
            Answer(_sent.Count - 1, ResponseKind.Applied, []);
        }

        Assert.Equal([(1, 0), (2, 0), (3, 0), (4, 2), (5, 0)], SentSequences());
    }

    [Fact]
    public void A_key_with_a_command_under_way_is_not_forgotten()
    {
        ForgetBeyond(0);
        Submit("other");
        Answer(0, ResponseKind.Applied, []);
        Submit("a");
        Submit("a");
        Answer(1, ResponseKind.Applied, []);
        Submit("b");
        Answer(3, ResponseKind.Applied, []);
        Submit("a");

        Assert.Equal([(1, 0), (2, 0), (3, 2), (4, 0), (5, 3)], SentSequences());
    }

    [Fact]
    [Feature("A10")]
    public void Of_a_key_that_was_forgotten_nothing_is_certain_before_its_place_was_shown()
    {
        ForgetBeyond(0);
        Submit("k", RequestKind.StepwiseCommand);
        RunOut();
        long next = Submit("k", RequestKind.StepwiseCommand);
        int sent = _sent.Count - 1;
        Answer(sent, ResponseKind.Committed, []);
        Assert.Equal([next], _committed);
        Assert.Empty(_certain);

        Answer(sent, ResponseKind.OutOfOrder, Bytes(1L));
        Answer(sent + 1, ResponseKind.Committed, []);
        Assert.Equal((2, 1), SentSequences().Last());
        Assert.Equal([next], _certain);
    }

    private void ForgetBeyond(long bytes)
    {
        _client = new ClientCore(
            new ClientCoreOptions { KeptKeysBytesMax = bytes }, nodes: 3, seed: 1, this);
        _client.Connected(_now, 0, new NodeId(1), default);
    }

    // One command is applied: the node it went to is known to serve.
    private void Serve()
    {
        Submit("other");
        Answer(0, ResponseKind.Applied, []);
        _sent.Clear();
    }

    private IEnumerable<(long Sequence, long Previous)> SentSequences() =>
        _sent.Select(static sent => (sent.Identity.Sequence, sent.Identity.Previous));
}
