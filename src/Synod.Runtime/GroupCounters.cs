using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What happens in a group on this node, as plain numbers. Written by the thread of the
/// shard; any thread may read them, each by itself and as of a moment ago. They outlive the lives
/// of the replica.</summary>
public sealed class GroupCounters
{
    private long[]? _answers;

    /// <summary>Commands handed to the protocol.</summary>
    public long Proposals { get; internal set; }

    /// <summary>Commands applied by the machine; copies are not.</summary>
    public long Applied { get; internal set; }

    /// <summary>Linearizable queries handed to the protocol.</summary>
    public long Reads { get; internal set; }

    /// <summary>Queries answered from what this replica has.</summary>
    public long LocalReads { get; internal set; }

    /// <summary>Watches of clients that are served here.</summary>
    public long Watches { get; internal set; }

    /// <summary>Events that were told with the mark that others before them were not.</summary>
    public long WatchGaps { get; internal set; }

    /// <summary>How often the term was another.</summary>
    public long TermChanges { get; internal set; }

    /// <summary>How often another leader was known; nobody does not count.</summary>
    public long LeaderChanges { get; internal set; }

    /// <summary>Restarts of the replica in place.</summary>
    public long Restarts { get; internal set; }

    /// <summary>Restarts of the machine alone.</summary>
    public long MachineRestarts { get; internal set; }

    /// <summary>Restarts of the replica that an exception has caused.</summary>
    public long Crashes { get; internal set; }

    /// <summary>The exception of the last crash; null if there was none.</summary>
    public string? LastCrash { get; internal set; }

    /// <summary>Whether the replica has crashed so often that it is stopped until the process
    /// ends.</summary>
    public bool IsStopped { get; internal set; }

    /// <summary>Frames of peers that no correct peer sends.</summary>
    public long Violations { get; internal set; }

    /// <summary>Requests of clients that wait for their answer.</summary>
    public long PendingRequests { get; internal set; }

    /// <summary>The bytes of those requests.</summary>
    public long PendingBytes { get; internal set; }

    /// <summary>Whether the group is created and served here.</summary>
    public bool IsServing { get; internal set; }

    /// <summary>How many members the group has; zero while it is not served.</summary>
    public int Members { get; internal set; }

    /// <summary>How many of them are there, this one included.</summary>
    public int ConnectedMembers { get; internal set; }

    /// <summary>Whether the machine was stopped by an exception of its own.</summary>
    public bool IsMachineStopped { get; internal set; }

    /// <summary>What the replica does.</summary>
    public KernelRole Role { get; internal set; }

    /// <summary>The leader that it knows; zero for nobody.</summary>
    public NodeId Leader { get; internal set; }

    /// <summary>The term.</summary>
    public long Term { get; internal set; }

    /// <summary>The newest position in its log.</summary>
    public long Last { get; internal set; }

    /// <summary>Up to where it knows its log to be committed.</summary>
    public long Committed { get; internal set; }

    /// <summary>How many answers of a kind clients were given.</summary>
    public long Answers(ResponseKind kind) => _answers?[(int)kind] ?? 0;

    internal void CountAnswer(ResponseKind kind)
    {
        _answers ??= new long[(int)ResponseKind.NoQuorum + 1];
        _answers[(int)kind]++;
    }

    // Whatever it was, for now it is nothing.
    internal void Restarted()
    {
        Restarts++;
        IsServing = false;
        Members = ConnectedMembers = 0;
        Role = default;
        Leader = default;
    }

    internal void Take(in KernelStatus status, NodeId leader)
    {
        if (status.Term != Term)
            TermChanges++;
        if (leader != Leader && leader != default(NodeId))
            LeaderChanges++;
        Role = status.Role;
        Leader = leader;
        Term = status.Term;
        Last = status.Last;
        Committed = status.Committed;
    }
}
