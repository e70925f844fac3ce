using System.Diagnostics.CodeAnalysis;

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

    /// <summary>Everything before this position was released and is gone, but for the newest
    /// statements. Never goes back; moves only in <see cref="Poll"/>, and behind the floors that
    /// were named in <see cref="Release"/>. By default nothing was.</summary>
    LogPosition Base => default;

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

    /// <summary>How long the log may be left alone though nothing happens: then
    /// <see cref="Poll"/> is to be called again. By default for ever.</summary>
    TimeSpan PollWithin => Timeout.InfiniteTimeSpan;

    /// <summary>Shows every record that the log held when it was opened, those of one replica in
    /// the order of their numbers, and says which are lost. Of a replica with a floor it is told
    /// first where its records begin, then come the newest statements that are older, then the
    /// records from the floor on. Called once, before the first append.</summary>
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
    /// <exception cref="LogException">The disk does not give it back intact, or it was released;
    /// the message says which.</exception>
    ReadOnlySpan<byte> Read(LogPosition position);

    /// <summary>The body of a record that was appended or replayed, if no disk is needed for it;
    /// otherwise false, and <see cref="Load"/> brings it. Valid until the next call of any method.
    /// By default the caller waits for the disk.</summary>
    bool TryRead(LogPosition position, out ReadOnlySpan<byte> body)
    {
        body = Read(position);
        return true;
    }

    /// <summary>Asks for records to be read while the owner does something else. Returns at once;
    /// wakes the owner when they are there. Loads may overtake each other. A record that is
    /// released meanwhile is left out; a part of the log is not used again while it is being loaded
    /// from. What fails is told in the load and never thrown. Needed only where
    /// <see cref="TryRead"/> says false.</summary>
    void Load(LogLoad load) => throw new NotSupportedException();

    /// <summary>Gives back a load that is done, to be asked for after each
    /// <see cref="Poll"/>.</summary>
    bool TryTakeLoaded([NotNullWhen(true)] out LogLoad? load)
    {
        load = null;
        return false;
    }

    /// <summary>Shows one record that was appended or replayed, with its header: a replica that is
    /// restarted in place takes its records back one by one. The visitor must not call the log. The
    /// newest statement of a group, epoch and owner is there though it was released.</summary>
    /// <exception cref="LogException">The disk does not give it back intact, or it was
    /// released.</exception>
    void Show(LogPosition position, ILogVisitor visitor);

    /// <summary>The records of a replica before the floor are not needed any more, from when all
    /// that was appended so far is durable: what stands in for them was appended before the call.
    /// Once every replica has released a part of the log, and that is durable itself, the part is
    /// used again or deleted. A floor that is not above an earlier one changes nothing. The newest
    /// statement of each group, epoch and owner is never lost by this.</summary>
    /// <exception cref="ArgumentException">The floor is not a record that was
    /// appended.</exception>
    void Release(in LogFloor floor);

    /// <summary>Asks that all that was appended becomes durable. Returns at once; while a flush is
    /// under way the next one begins when it has ended and takes all with it.</summary>
    void Flush();

    /// <summary>Takes in what the disk has done since the last call.</summary>
    void Poll();
}
