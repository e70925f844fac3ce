using Synod.Kernel;

namespace Synod.Hosting;

/// <summary>How long a value stays: while all that is named lives. The first that is over makes the
/// value be over. The default names nothing: the value stays for ever.</summary>
/// <remarks>Owner, node and key are all lives of other keys, and only clients look at those: a
/// machine sees one key and no clock. A client that finds that a life is over ends it by a command,
/// before it tells anybody.</remarks>
public readonly record struct Lifetime
{
    /// <summary>The owner; null for none.</summary>
    public KeyLife? Owner { get; init; }

    /// <summary>One start of a node; null for none.</summary>
    public KeyLife? Node { get; init; }

    /// <summary>Another key; null for none.</summary>
    public KeyLife? Key { get; init; }

    /// <summary>When it is over by the clocks of a majority, in milliseconds since 1970; null for
    /// never.</summary>
    public long? Until { get; init; }

    /// <summary>Whether nothing can end it but a command that names it.</summary>
    public bool IsEndless => this == default;

    internal IEnumerable<KeyLife> Lives()
    {
        if (Owner is KeyLife owner)
            yield return owner;
        if (Node is KeyLife node)
            yield return node;
        if (Key is KeyLife key)
            yield return key;
    }

    internal void WriteTo(FrameBuffer buffer)
    {
        Write(buffer, Owner);
        Write(buffer, Node);
        Write(buffer, Key);
        buffer.WriteBoolean(Until is not null);
        if (Until is long until)
            buffer.WriteInt64(until);
    }

    internal static Lifetime ReadFrom(ref FrameReader reader) => new()
    {
        Owner = Read(ref reader),
        Node = Read(ref reader),
        Key = Read(ref reader),
        Until = reader.ReadBoolean() ? reader.ReadCount() : null,
    };

    private static void Write(FrameBuffer buffer, KeyLife? life)
    {
        buffer.WriteBoolean(life is not null);
        life?.WriteTo(buffer);
    }

    private static KeyLife? Read(ref FrameReader reader) =>
        reader.ReadBoolean() ? KeyLife.ReadFrom(ref reader) : null;
}
