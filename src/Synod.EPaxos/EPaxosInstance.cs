using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>All that a member knows of one instance (protocols §1.4). What a search for an order
/// needs is kept here, too.</summary>
internal sealed class EPaxosInstance(InstanceId id)
{
    private Footprint _footprint;
    private EPaxosValueKind _submitted;
    private int _length;
    private int[]? _parts;

    public InstanceId Id => id;

    public EPaxosPhase Phase { get; set; }

    /// <summary>The paper's bal: no lower ballot is heard.</summary>
    public Ballot Promised { get; set; }

    /// <summary>The paper's abal: the ballot in which the value was accepted.</summary>
    public Ballot AcceptedIn { get; set; }

    /// <summary>The paper's cmd: what is held now; none, a no-op, or what was submitted.</summary>
    public EPaxosValueKind Holds { get; set; }

    /// <summary>The paper's dep.</summary>
    public EPaxosCover Dep { get; set; }

    /// <summary>The paper's initCmd ≠ ⊥: what was submitted is known from its owner or from one
    /// who validates it.</summary>
    public bool HasInitial { get; set; }

    /// <summary>The paper's initDep.</summary>
    public EPaxosCover InitialDep { get; set; }

    /// <summary>What its owner has submitted; none while that is not known.</summary>
    public EPaxosValue Submitted
    {
        get => new(_submitted, _footprint, _length) { Parts = _parts };
        set => (_submitted, _footprint, _length, _parts) =
            (value.Kind, value.Footprint, value.Length, value.Parts);
    }

    /// <summary>The bytes of it.</summary>
    public EPaxosCommands Command { get; set; }

    /// <summary>How many commands it has.</summary>
    public int Count => _parts?.Length ?? 1;

    /// <summary>The first record that tells of it.</summary>
    public RecordNumber First { get; set; }

    /// <summary>The record that says that it is committed.</summary>
    public RecordNumber CommittedBy { get; set; }

    /// <summary>Whether the machine has had it, or need not.</summary>
    public bool IsExecuted { get; set; }

    /// <summary>When to look at it again, in ticks; zero if there is no need.</summary>
    public long Alarm { get; set; }

    /// <summary>What it waits for: something that is not decided, or that waits itself. No
    /// instance if it is not known to wait.</summary>
    public InstanceId BlockedOn { get; set; }

    /// <summary>What is not decided at the end of that chain, as it was found last.</summary>
    public InstanceId Missing { get; set; }

    /// <summary>When that was found: it holds until something is released.</summary>
    public long MissingSince { get; set; }

    /// <summary>When the search has met it; zero if it has not.</summary>
    public int Met { get; set; }

    /// <summary>The earliest that it reaches in the search.</summary>
    public int Low { get; set; }

    public bool IsCommitted => Phase == EPaxosPhase.Committed;

    public bool IsNoOp => IsCommitted && Holds == EPaxosValueKind.NoOp;

    /// <summary>Whether what was submitted is known.</summary>
    public bool IsKnown => _submitted is EPaxosValueKind.Command or EPaxosValueKind.Read;

    /// <summary>The bytes of one of its commands.</summary>
    public Payload CommandAt(int place) => Command.At(place, _parts);

    /// <summary>What a message says of its value.</summary>
    /// <param name="isCarried">Whether the bytes follow.</param>
    public EPaxosValue Value(bool isCarried) => Holds switch
    {
        EPaxosValueKind.None or EPaxosValueKind.NoOp => new EPaxosValue(Holds),
        _ => Submitted with { IsCarried = isCarried },
    };

    /// <summary>Whether the order of the two matters, as far as what was submitted is
    /// known.</summary>
    public bool ConflictsWith(EPaxosInstance other) =>
        _footprint.ConflictsWith(other._footprint);

    /// <summary>The same with a footprint.</summary>
    public bool ConflictsWith(in Footprint footprint) => _footprint.ConflictsWith(footprint);

    public override string ToString() =>
        $"{id} {Phase} {Holds} {Promised} accepted in {AcceptedIn} dep {Dep}";
}
