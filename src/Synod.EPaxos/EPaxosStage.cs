namespace Synod.EPaxos;

/// <summary>How far an attempt has come.</summary>
internal enum EPaxosStage
{
    /// <summary>The owner asks for conflicts.</summary>
    PreAccepting,

    /// <summary>A recovery asks for promises.</summary>
    Promising,

    /// <summary>A recovery asks what contradicts a fast commit.</summary>
    Validating,

    /// <summary>A recovery waits for what may contradict it.</summary>
    Waiting,

    /// <summary>A value is proposed.</summary>
    Accepting,
}
