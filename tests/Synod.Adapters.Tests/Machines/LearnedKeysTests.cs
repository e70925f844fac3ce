using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Adapters.Tests.Machines;

/// <summary>What is learned of a key is what was written of it.</summary>
public sealed class LearnedKeysTests
{
    [Fact]
    public void The_tables_of_sessions_are_passed_over()
    {
        KeyBucket bucket = new();
        Write(bucket.FindOrAdd("one"u8), [1, 2, 3], sessions: 2);
        Write(bucket.FindOrAdd("other"u8), [], sessions: 1);
        bucket.FindOrAdd("unused"u8);
        FrameBuffer bytes = new();
        bucket.WriteTo(bytes);

        LearnedKeys keys = new(bytes.Written);
        Assert.True(keys.MoveNext());
        Assert.Equal("one"u8, keys.Key);
        Assert.Equal([1, 2, 3], keys.State.ToArray());
        Assert.Equal((4L, 1L), (keys.Commands, keys.Version));
        Assert.True(keys.MoveNext());
        Assert.Equal("other"u8, keys.Key);
        Assert.Equal((2L, 0L), (keys.Commands, keys.Version));
        Assert.Empty(keys.State.ToArray());
        Assert.False(keys.MoveNext());
    }

    [Fact]
    public void No_bytes_are_no_keys() => Assert.False(new LearnedKeys([]).MoveNext());

    [Fact]
    public void Bytes_that_are_cut_off_are_of_another_format()
    {
        KeyBucket bucket = new();
        Write(bucket.FindOrAdd("one"u8), [1, 2, 3], sessions: 2);
        FrameBuffer bytes = new();
        bucket.WriteTo(bytes);
        for (int length = 1; length < bytes.Length; length++)
        {
            byte[] cut = bytes.Written[..length].ToArray();
            Assert.Throws<FormatException>(() => new LearnedKeys(cut).MoveNext());
        }
    }

    // Each has a result that was acknowledged and one that was not.
    private static void Write(KeyEntry entry, byte[] state, int sessions)
    {
        entry.Become(state);
        for (uint session = 1; session <= sessions; session++)
        {
            foreach (long sequence in (long[])[1, 2])
            {
                entry.FindOrAdd(new SessionId(0, session)).Record(
                    sequence, new CommandResult(ResponseKind.Applied, new byte[] { 9 }), 0);
            }
        }
    }
}
