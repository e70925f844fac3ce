namespace Synod.Abstractions;

/// <summary>The log of a node, shared by its groups: one flush serves many records. Owned by one
/// thread; the disk works beside it and is heard of only in <see cref="Poll"/>.</summary>
public interface ILog : IDisposable
{
    /// <summary>How full the log is (safety §7): at <see cref="Kernel.StoragePressure.High"/> the
    /// reserve is begun, at <see cref="Kernel.StoragePressure.Full"/> nearly used.</summary>
    Kernel.StoragePressure Pressure { get; }

    /// <summary>What it holds and takes; cheap enough for every turn. By default
    /// nothing.</summary>
    LogStatus Status => default;

    /// <summary>The largest body of a record, in bytes.</summary>
    int RecordBytesMax { get; }

    /// <summary>The largest body of a statement, in bytes.</summary>
    int StatementBytesMax { get; }

    /// <summary>The newest record that was appended.</summary>
    LogPosition Appended { get; }

    /// <summary>All records up to here are durable. Never goes back; moves only in
    /// <see cref="Poll"/>.</summary>
    LogPosition Durable { get; }

    /// <summary>The first error of the disk; from then on nothing is written any more and nothing
    /// more becomes durable. Null while all is well.</summary>
    LogException? Poison { get; }

    /// <summary>What was durable and was not intact when the log was opened; empty while all is
    /// well. A replica of which nothing is left is not told of in <see cref="Replay"/>: whoever
    /// has none of its records must look here before it takes the replica for new.</summary>
    IReadOnlyList<LogDamage> Damage { get; }

    /// <summary>Shows every record that the log held when it was opened, those of one replica in
    /// the order of their numbers, and says which are lost. Called once, before the first
    /// append.</summary>
    void Replay(ILogVisitor visitor);

    /// <summary>Appends a record whose body is the two parts in a row. Copies them; nothing is
    /// durable yet. A statement is kept so that damage in one place does not take it: no single
    /// bad block, and none in a part of the log that older records fill.</summary>
    /// <exception cref="ArgumentException">The body is larger than
    /// <see cref="RecordBytesMax"/>, or that of a statement than
    /// <see cref="StatementBytesMax"/>.</exception>
    /// <exception cref="LogException">The log is poisoned, or now is because the last byte of the
    /// reserve is used.</exception>
    LogPosition Append(
        in RecordHeader header, ReadOnlySpan<byte> record, ReadOnlySpan<byte> command);

    /// <summary>The body of a record that was appended or replayed, from memory if it is in the
    /// window and from the disk otherwise. Valid until the next call of any method.</summary>
    /// <exception cref="LogException">The disk does not give it back intact.</exception>
    ReadOnlySpan<byte> Read(LogPosition position);

    /// <summary>Shows one record that was appended or replayed, with its header: a replica that is
    /// restarted in place takes its records back one by one. The visitor must not call the
    /// log.</summary>
    /// <exception cref="LogException">The disk does not give it back intact.</exception>
    void Show(LogPosition position, ILogVisitor visitor);

    /// <summary>Asks that all that was appended becomes durable. Returns at once; while a flush is
    /// under way the next one begins when it has ended and takes all with it.</summary>
    void Flush();

    /// <summary>Takes in what the disk has done since the last call.</summary>
    void Poll();
}
