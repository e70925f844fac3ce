using System.Collections.Immutable;
using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Samples.QueueWithLength;

/// <summary>Puts a value at the end of the queue; the result is the length before.</summary>
public sealed record Enqueue(string Value) : ICommand<long>;

/// <summary>Takes the value at the head of the queue; null if it is empty.</summary>
public sealed record Dequeue : ICommand<string?>;

/// <summary>Asks how many values are in the queue.</summary>
public sealed record Length : IQuery<long>;

/// <summary>A replicated queue for each key.</summary>
public sealed class QueueWithLength : KeyedMachine<ImmutableQueue<string>>
{
    private static readonly ICodec<ImmutableQueue<string>> State =
        Codec.Of<ImmutableQueue<string>>(Write, Read);

    /// <summary>Names the commands and queries.</summary>
    public QueueWithLength()
        : base("queue-with-length", State, absent: [])
    {
        Command(
            tag: 1,
            Codec.Of<Enqueue>(
                static (enqueue, buffer) => buffer.WriteString(enqueue.Value),
                static (ref reader) => new Enqueue(reader.ReadString())),
            Codec.Number,
            static (in context, key, queue, enqueue) =>
                (queue.Enqueue(enqueue.Value), queue.LongCount()));
        Command(
            tag: 2,
            Codec.Empty(new Dequeue()),
            Codec.Maybe(Codec.Text),
            static (in context, key, queue, dequeue) => queue.IsEmpty
                ? (queue, null)
                : (queue.Dequeue(out string head), head));
        Query(
            tag: 1,
            Codec.Empty(new Length()),
            Codec.Number,
            static (key, queue, length) => queue.LongCount());
    }

    private static void Write(ImmutableQueue<string> queue, FrameBuffer buffer)
    {
        foreach (string value in queue)
            buffer.WriteString(value);
    }

    private static ImmutableQueue<string> Read(ref FrameReader reader)
    {
        ImmutableQueue<string> queue = [];
        while (reader.IsValid && reader.Remaining > 0)
            queue = queue.Enqueue(reader.ReadString());
        return queue;
    }
}
