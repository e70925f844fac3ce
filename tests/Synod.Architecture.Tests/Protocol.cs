namespace Synod.Architecture.Tests;

/// <summary>The project of one protocol and the shape it shares with its siblings.</summary>
internal sealed record Protocol(string Name)
{
    /// <summary>The sections every protocol's README has, in this order.</summary>
    public static IReadOnlyList<string> Headings { get; } =
        ["Paper", "Terms", "Rules", "State diagram", "Deviations"];

    private static readonly string[] Phases =
        ["Leadership", "Proposal", "Commitment", "Recovery", "Execution", "Reading"];

    private static readonly string[] PhasesOfAll =
        ["Proposal", "Commitment", "Recovery"];

    private static readonly string[] Parts =
    [
        "Protocol", "Replica", "State", "Messages", "Records", "Kind", "Inbox", "Codec",
        "Invariants", "Audit", "Seat", "Durability", "Rules", "Options",
    ];

    /// <summary>Files that only some protocols have, each with the reason.</summary>
    private static readonly Dictionary<string, string> Extras = new()
    {
        ["src/Synod.Raft/Term.cs"] = "the paper's number for a reign",
        ["src/Synod.Raft/RaftLog.cs"] = "Raft alone replicates a log as such",
        ["src/Synod.Raft/RaftEntry.cs"] = "an entry of that log",
        ["src/Synod.Raft/RaftEntryHead.cs"] = "the same in a message",
        ["src/Synod.Raft/RaftEntryKind.cs"] = "the same on the wire",
        ["src/Synod.Raft/RaftCampaigning.cs"] = "the role that Raft alone has",
        ["src/Synod.Raft/RaftAudit.Duties.cs"] = "what is said for the duties of a leader",
        ["src/Synod.Raft/RaftReigns.cs"] = "what its leaders wrote, for the audit",
        ["src/Synod.Raft/RaftReplica.Repair.cs"] = "recovery, continued: by others, safety §7",
        ["src/Synod.Raft/RaftDamage.cs"] = "what damage has done to a member",
        ["src/Synod.Raft/RaftGaps.cs"] = "what lost records leave of its log",
        ["src/Synod.Raft/RaftLast.cs"] = "what a damaged member votes by",
        ["src/Synod.MultiPaxos/MultiPaxosSlots.cs"] = "the slots, with their holes",
        ["src/Synod.MultiPaxos/MultiPaxosValue.cs"] = "what a slot holds",
        ["src/Synod.MultiPaxos/MultiPaxosValueKind.cs"] = "the same on the wire",
        ["src/Synod.MultiPaxos/MultiPaxosSlotHead.cs"] = "the same in a message",
        ["src/Synod.MultiPaxos/MultiPaxosAccepting.cs"] = "how far an acceptor has accepted",
        ["src/Synod.MultiPaxos/MultiPaxosProbing.cs"] = "a role that Paxos alone has",
        ["src/Synod.MultiPaxos/MultiPaxosCampaigning.cs"] = "another one, with its pages",
        ["src/Synod.MultiPaxos/MultiPaxosLeading.cs"] = "what only this leader knows",
        ["src/Synod.MultiPaxos/MultiPaxosAudit.Duties.cs"] = "what is said for duties",
        ["src/Synod.MultiPaxos/MultiPaxosBallots.cs"] = "what was proposed, for the audit",
        ["src/Synod.MultiPaxos/MultiPaxosReports.cs"] = "what promises told of, for the audit",
        ["src/Synod.MultiPaxos/MultiPaxosDamage.cs"] = "what damage has done to a member",
        ["src/Synod.MultiPaxos/MultiPaxosCodec.Messages.cs"] = "the codec, continued",
        ["src/Synod.MultiPaxos/MultiPaxosReplica.Preparing.cs"] = "leadership: phase 1",
        ["src/Synod.MultiPaxos/MultiPaxosReplica.Storing.cs"] = "proposal, continued: by name",
        ["src/Synod.EPaxos/InstanceId.cs"] = "what an instance is called",
        ["src/Synod.EPaxos/EPaxosInstance.cs"] = "what is known of it",
        ["src/Synod.EPaxos/EPaxosPhase.cs"] = "how far it has come",
        ["src/Synod.EPaxos/EPaxosValue.cs"] = "what it holds",
        ["src/Synod.EPaxos/EPaxosValueKind.cs"] = "the same on the wire",
        ["src/Synod.EPaxos/EPaxosCover.cs"] = "dependencies as a vector",
        ["src/Synod.EPaxos/EPaxosConflicts.cs"] = "the index of keys",
        ["src/Synod.EPaxos/EPaxosExecutor.cs"] = "the order of execution",
        ["src/Synod.EPaxos/EPaxosAlarms.cs"] = "one timer for each instance",
        ["src/Synod.EPaxos/EPaxosAttempt.cs"] = "what is decided now, by whom",
        ["src/Synod.EPaxos/EPaxosStage.cs"] = "how far that has come",
        ["src/Synod.EPaxos/EPaxosCodec.Bundles.cs"] = "messages of a turn in one frame",
        ["src/Synod.EPaxos/EPaxosParcels.cs"] = "what a turn sends, until it settles",
        ["src/Synod.EPaxos/Bundle.cs"] = "its frame",
        ["src/Synod.EPaxos/EPaxosWindows.cs"] = "protocols §1.12: the window of a key",
        ["src/Synod.EPaxos/OwnRequest.cs"] = "what a client waits for",
        ["src/Synod.EPaxos/OwnBatch.cs"] = "what of it shares an instance",
        ["src/Synod.EPaxos/EPaxosBatches.cs"] = "protocols §1.12: which of a turn do",
        ["src/Synod.EPaxos/EPaxosCommands.cs"] = "where the bytes of a batch are",
        ["src/Synod.EPaxos/GatherRead.cs"] = "a read under way",
        ["src/Synod.EPaxos/GatherTicket.cs"] = "the same on the wire",
        ["src/Synod.EPaxos/SlotRange.cs"] = "slots that somebody lacks",
        ["src/Synod.EPaxos/UncoveredInstance.cs"] = "what a validation finds",
        ["src/Synod.EPaxos/EPaxosVotes.cs"] = "what was voted for, for the audit",
        ["src/Synod.EPaxos/EPaxosReports.cs"] = "what promises told of, for the audit",
        ["src/Synod.EPaxos/EPaxosCodec.Messages.cs"] = "the codec, continued",
        ["src/Synod.EPaxos/EPaxosReplica.Accepting.cs"] = "proposal: any ballot",
        ["src/Synod.EPaxos/EPaxosReplica.Batching.cs"] = "proposal: what shares an instance",
        ["src/Synod.EPaxos/EPaxosReplica.Thrift.cs"] = "proposal: whom an owner asks",
        ["src/Synod.EPaxos/EPaxosReplica.Restart.cs"] = "recovery: from the own records",
        ["src/Synod.EPaxos/EPaxosFrontier.cs"] = "what a snapshot has in it",
        ["src/Synod.EPaxos/EPaxosConflictsPage.cs"] = "the index of keys in a record",
        ["src/Synod.EPaxos/EPaxosReplica.Truncation.cs"] = "recovery: what is forgotten",
        ["src/Synod.EPaxos/EPaxosReplica.Repair.cs"] = "recovery: by others, safety §7",
        ["src/Synod.EPaxos/EPaxosReplica.Validation.cs"] = "recovery: steps 3 to 5",
        ["src/Synod.Register/RegisterKey.cs"] = "the acceptor of a key",
        ["src/Synod.Register/RegisterRound.cs"] = "the proposer of a key",
        ["src/Synod.Register/RegisterStage.cs"] = "how far it has come",
        ["src/Synod.Register/RegisterRequest.cs"] = "what a client waits for",
        ["src/Synod.Register/RegisterRead.cs"] = "a read under way",
        ["src/Synod.Register/RegisterTicket.cs"] = "the same on the wire",
        ["src/Synod.Register/RegisterVote.cs"] = "what was accepted, on the wire",
        ["src/Synod.Register/RegisterAlarm.cs"] = "one timer for each of them",
        ["src/Synod.Register/RegisterFrames.cs"] = "protocols §4.5: one frame for many keys",
        ["src/Synod.Register/RegisterBatch.cs"] = "the same on the wire",
        ["src/Synod.Register/RegisterVotes.cs"] = "what was voted for, for the audit",
        ["src/Synod.Register/RegisterReplica.Accepting.cs"] = "proposal: the acceptor",
        ["src/Synod.Register/RegisterAges.cs"] = "which records its table needs",
        ["src/Synod.Register/RegisterReplica.Releasing.cs"] = "recovery: the log gives up",
        ["src/Synod.Register/RegisterReplica.Spreading.cs"] = "commitment: told again",
        ["src/Synod.Register/RegisterReplica.Finishing.cs"] = "recovery: what others left",
        ["src/Synod.Register/RegisterReplica.Comparing.cs"] = "recovery: who was away",
    };

    /// <summary>The protocols that have code so far.</summary>
    public static IReadOnlyList<Protocol> Present { get; } =
    [
        .. Layers.Protocols
            .Select(static name => new Protocol(name))
            .Where(static protocol => protocol.Files.Count > 0),
    ];

    public string Folder => $"src/Synod.{Name}";

    public string Readme => $"{Folder}/README.md";

    public IReadOnlyList<string> Files => Repository.Files(Folder, "*.cs");

    public IEnumerable<string> Required =>
        Parts.Select(FileOf)
            .Concat(PhasesOfAll.Select(phase => FileOf($"Replica.{phase}")))
            .Append(Readme);

    public IEnumerable<string> Allowed =>
        Required
            .Concat(Phases.Select(phase => FileOf($"Replica.{phase}")))
            .Concat(Phases.Select(phase => FileOf($"Audit.{phase}")))
            .Concat(Extras.Keys);

    public string FileOf(string part) => $"{Folder}/{Name}{part}.cs";
}
