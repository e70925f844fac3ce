namespace Synod.EPaxos;

/// <summary>How far an instance has come at one member.</summary>
internal enum EPaxosPhase : byte
{
    /// <summary>Nothing is voted for.</summary>
    Initial,

    /// <summary>The owner's proposal is recorded with the conflicts that were known then.</summary>
    PreAccepted,

    /// <summary>A value is accepted in a ballot.</summary>
    Accepted,

    /// <summary>Decided; it stays so.</summary>
    Committed,
}
