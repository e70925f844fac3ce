namespace Synod.Simulation;

/// <summary>What can go wrong.</summary>
public enum FaultKind
{
    /// <summary>The process of a node is killed and started again.</summary>
    Kill,

    /// <summary>A machine loses its power: any subset of what was not flushed is on the disk. If
    /// the amount is odd it waits for a moment at which something is not; every fourth time, at
    /// which several frames are not.</summary>
    PowerLoss,

    /// <summary>All machines lose their power at once, or likewise each at its next such
    /// moment.</summary>
    Blackout,

    /// <summary>A node crashes in the middle of a turn, before one of its next 24 effects: the one
    /// with the number of the amount.</summary>
    CrashAtEffect,

    /// <summary>A process closes its log and ends, and is started again.</summary>
    Close,

    /// <summary>A process is killed, and the next one crashes while it opens its log, before one of
    /// its first 24 effects: the one with the number of the amount.</summary>
    CrashAtStart,

    /// <summary>A replica begins a new life in its process.</summary>
    RestartInPlace,

    /// <summary>The same in the middle of a turn, before one of its effects.</summary>
    RestartAtEffect,

    /// <summary>The state machine of a replica loses its state, alone: the replica goes on and
    /// makes it anew from its log.</summary>
    CrashMachine,

    /// <summary>A process stands still.</summary>
    Pause,

    /// <summary>A process has little time: each look at its clock within a turn takes a moment, so
    /// that turns end before all is read and all machines have run.</summary>
    Starve,

    /// <summary>No client wants anything, or none of one group: it comes to rest.</summary>
    Lull,

    /// <summary>A clock runs too fast or too slow.</summary>
    ClockDrift,

    /// <summary>A clock jumps forward.</summary>
    ClockJump,

    /// <summary>Many frames are lost, late, doubled and overtaken.</summary>
    Storm,

    /// <summary>A connection between nodes breaks.</summary>
    Reset,

    /// <summary>The line between two nodes is slow.</summary>
    SlowLine,

    /// <summary>What one node sends to another one for a moment arrives only after the duration of
    /// the fault, or, if the amount is odd, once more then.</summary>
    Straggle,

    /// <summary>One frame of a leader is lost on its way to the others, as where a queue is full;
    /// what it sends next arrives, and then it dies or is cut off.</summary>
    Gap,

    /// <summary>A client loses a connection, and the answers on it.</summary>
    ClientReset,

    /// <summary>Commands of a client that were answered a while ago come once more, on a connection
    /// that the client has given up.</summary>
    LateCall,

    /// <summary>A node reaches no other and is reached by none, or, if the amount leaves 1 or 2
    /// when it is divided by 3, only the one or the other.</summary>
    Isolate,

    /// <summary>The nodes are split in two parts.</summary>
    Split,

    /// <summary>One node cannot reach another one.</summary>
    CutOneWay,

    /// <summary>Whoever leads is cut off, then the next one, up to four; who was cut off for the
    /// longest time is joined again when there would be no majority without it.</summary>
    Succession,

    /// <summary>With leases: a leader is cut off without knowing it, by clocks that make full use
    /// of their bound, and those who follow it may begin new lives at that moment.</summary>
    Dethrone,

    /// <summary>A disk is slow.</summary>
    SlowDisk,

    /// <summary>A flush fails.</summary>
    FailFlush,

    /// <summary>A write fails.</summary>
    FailWrite,

    /// <summary>The next record that is read beside the shard is not given back.</summary>
    FailRead,

    /// <summary>A disk has no room for new files.</summary>
    FullDisk,

    /// <summary>A bit or a sector of what was durable is changed while the machine is
    /// off.</summary>
    Corrupt,

    /// <summary>What a member has acknowledged lately is damaged, and it comes back where its word
    /// matters.</summary>
    Amnesia,

    /// <summary>A frame is written to the place of another one.</summary>
    Misdirect,

    /// <summary>A disk is lost, and the node comes back with an empty one.</summary>
    Wipe,

    /// <summary>Leadership is moved by hand: to the peer, or to whom the leader chooses; soon
    /// afterwards, as the amount says, it is moved again or the transfer is cancelled.</summary>
    Transfer,

    /// <summary>A process is told to stop: it hands over, finishes what is under way, closes its
    /// log and ends, and is started again.</summary>
    Retire,
}
