using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>A call of a client that has not ended, over all its tries.</summary>
internal sealed class ClientCall(long number, RequestKind kind, Instant deadline)
{
    private const int Overhead = 256;

    /// <summary>The client's number for it.</summary>
    public long Number => number;

    public RequestKind Kind => kind;

    public bool IsCommand => kind is RequestKind.Command or RequestKind.StepwiseCommand;

    /// <summary>Whether a node has said that it is committed.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>Whether it is, and certainly takes effect when it runs.</summary>
    public bool IsCertain { get; set; }

    /// <summary>Whether the latest try was sent when nothing could come before it any
    /// more.</summary>
    public bool IsNext { get; set; }

    /// <summary>When it was begun.</summary>
    public required Instant Begun { get; init; }

    public Instant Deadline => deadline;

    /// <summary>The only node that is asked; null for any.</summary>
    public int? Target { get; init; }

    /// <summary>Whether it goes on while no majority is up, until its time is over.</summary>
    public bool WaitsForQuorum { get; init; }

    public required byte[] Key { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>What it costs while it has not ended.</summary>
    public int Weight => Key.Length + Body.Length + Overhead;

    /// <summary>Of a command: its place in the session.</summary>
    public long Sequence { get; init; }

    /// <summary>Of a command: it and the others of the session on its key.</summary>
    public KeyOrder? Order { get; set; }

    /// <summary>The command before it on its key, unless it has ended.</summary>
    public ClientCall? Before => Order?.Before(Sequence);

    /// <summary>The next command on its key.</summary>
    public ClientCall? Behind => Order?.Behind(Sequence);

    /// <summary>The previous sequence that the latest try named.</summary>
    public long SentPrevious { get; set; }

    /// <summary>Whether an earlier try may have reached a kernel and its answer is lost.</summary>
    public bool MayHaveHappened { get; set; }

    /// <summary>Whether a near query goes to the leader like any other, because the nearest node
    /// did not answer it.</summary>
    public bool IsTurnedAway { get; set; }

    /// <summary>The node that the latest try was sent to; null between tries.</summary>
    public int? Node { get; set; }

    /// <summary>When the latest try was sent.</summary>
    public Instant Tried { get; set; }

    /// <summary>The request number of the latest try.</summary>
    public long Try { get; set; }

    /// <summary>When the latest try has taken too long, or the next one is due.</summary>
    public Instant Due { get; set; }

    public TimeSpan BackOff { get; set; }

    /// <summary>Whether it waits for the command before it on its key, and for no time.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Whether a hint was followed since the last wait.</summary>
    public bool HasHopped { get; set; }

    /// <summary>The latest answer that means "certainly not".</summary>
    public ResponseKind LastRefusal { get; set; } = ResponseKind.Unavailable;

    public byte[] LastRefusalBytes { get; set; } = "No node has answered."u8.ToArray();
}
