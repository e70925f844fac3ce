using System.Buffers.Binary;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;
using Synod.Samples.Counter;

namespace Synod.Adapters.Tests.Runtime;

public sealed class KeyedStoreTests
{
    private static readonly SessionId Session = new(0, 7);
    private readonly KeyedStore _store = new(new Counter(), 1, new MachineOutput());

    [Fact]
    public void A_copy_gets_the_recorded_result_and_changes_nothing()
    {
        Assert.Equal((ResponseKind.Applied, 5), Add(5, sequence: 1, previous: 0));

        Assert.Equal((ResponseKind.Applied, 5), Add(5, sequence: 1, previous: 0));

        Assert.Equal(5, Value());
        Assert.Equal(1, _store.Applied);
    }

    [Fact]
    public void A_command_whose_place_has_not_come_changes_and_records_nothing()
    {
        Assert.Equal((ResponseKind.OutOfOrder, 0), Add(1, sequence: 2, previous: 1));

        Assert.Equal((ResponseKind.Applied, 10), Add(10, sequence: 1, previous: 0));
        Assert.Equal((ResponseKind.Applied, 11), Add(1, sequence: 2, previous: 1));
    }

    [Fact]
    public void A_command_given_up_that_arrives_late_is_superseded()
    {
        Add(1, sequence: 1, previous: 0);
        Add(1, sequence: 3, previous: 1);

        Assert.Equal((ResponseKind.Superseded, 0), Add(100, sequence: 2, previous: 1));

        Assert.Equal(2, Value());
    }

    [Fact]
    public void A_command_given_up_that_did_happen_shows_itself_to_the_next()
    {
        Add(1, sequence: 1, previous: 0);
        Add(1, sequence: 2, previous: 1);

        Assert.Equal((ResponseKind.OutOfOrder, 2), Add(1, sequence: 3, previous: 1));
        Assert.Equal((ResponseKind.Applied, 3), Add(1, sequence: 3, previous: 2));
    }

    [Fact]
    public void An_acknowledged_result_goes_but_its_copy_is_still_not_applied()
    {
        Add(1, sequence: 1, previous: 0);
        Add(1, sequence: 2, previous: 1, acknowledged: 1);

        Assert.Equal((ResponseKind.Superseded, 0), Add(1, sequence: 1, previous: 0));
        Assert.Equal((ResponseKind.Applied, 2), Add(1, sequence: 2, previous: 1));
        Assert.Equal(2, Value());
    }

    [Fact]
    public void Keys_and_sessions_have_tables_of_their_own()
    {
        Add(1, sequence: 1, previous: 0);

        CommandIdentity elsewhere = new(Session, 2, 0);
        Assert.Equal((ResponseKind.Applied, 1), Apply(elsewhere, 0, "other", new Add(1)));
        CommandIdentity stranger = new(new SessionId(0, 8), 1, 0);
        Assert.Equal((ResponseKind.Applied, 2), Apply(stranger, 0, "key", new Add(1)));
    }

    [Fact]
    public void Bytes_that_are_no_command_are_an_ordinary_refusal_on_every_replica()
    {
        KeyedStore other = new(new Counter(), 1, new MachineOutput());
        foreach (KeyedStore store in (KeyedStore[])[_store, other])
        {
            CommandResult result = store.Apply(new Envelope
            {
                Identity = new CommandIdentity(Session, 1, 0),
                Acknowledged = 0,
                Key = "key"u8,
                Command = [99, 1, 2, 3],
            });
            Assert.Equal(ResponseKind.Refused, result.Kind);
        }

        Assert.Equal(_store.Digest, other.Digest);
        Assert.Equal(0, Value());
    }

    [Fact]
    public void The_digest_does_not_depend_on_the_order_of_commands_on_different_keys()
    {
        KeyedStore other = new(new Counter(), 1, new MachineOutput());
        CommandIdentity first = new(Session, 1, 0);
        CommandIdentity second = new(Session, 2, 0);

        Apply(_store, (first, 0), "a", new Add(1));
        Apply(_store, (second, 0), "b", new Add(2));
        Apply(other, (second, 0), "b", new Add(2));
        Apply(other, (first, 0), "a", new Add(1));

        Assert.Equal(_store.Digest, other.Digest);
        Assert.NotEqual(0ul, _store.Digest);
    }

    private static (ResponseKind Kind, long Value) Apply(
        KeyedStore store, (CommandIdentity Identity, long Acknowledged) of, string key, Add command)
    {
        FrameBuffer bytes = new();
        new Counter().Encode(command, bytes);
        CommandResult result = store.Apply(new Envelope
        {
            Identity = of.Identity,
            Acknowledged = of.Acknowledged,
            Key = System.Text.Encoding.UTF8.GetBytes(key),
            Command = bytes.Written,
        });
        long value = result.Bytes.Length == sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(result.Bytes.Span)
            : 0;
        return (result.Kind, value);
    }

    private (ResponseKind Kind, long Value) Apply(
        CommandIdentity identity, long acknowledged, string key, Add command) =>
        Apply(_store, (identity, acknowledged), key, command);

    private (ResponseKind Kind, long Value) Add(
        long amount, long sequence, long previous, long acknowledged = 0) =>
        Apply(new(Session, sequence, previous), acknowledged, "key", new Add(amount));

    private long Value()
    {
        FrameBuffer query = new();
        new Counter().Encode(new GetValue(), query);
        return BinaryPrimitives.ReadInt64LittleEndian(
            _store.Query("key"u8, query.Written).Bytes.Span);
    }
}
