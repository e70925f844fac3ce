namespace Synod.Kernel;

/// <summary>What a kernel can ask for (design §3).</summary>
public enum EffectKind
{
    /// <summary>Append a record to the log.</summary>
    Persist,

    /// <summary>Send a frame once the records up to the gate are durable.</summary>
    Send,

    /// <summary>The command of a request is decided and has to wait for others before it runs.
    /// </summary>
    Committed,

    /// <summary>Ordered stream: run a command.</summary>
    Deliver,

    /// <summary>Ordered stream: run a read at exactly this place.</summary>
    ReadReady,

    /// <summary>Ordered stream: own records before one are not needed any more.</summary>
    Release,

    /// <summary>Run a command on the state of its key, for one ballot; answered by
    /// Evaluated. Only of a protocol without an order.</summary>
    Evaluate,

    /// <summary>Ordered stream: a state of a key is chosen. Only of a protocol without an
    /// order.</summary>
    Learned,

    /// <summary>Ordered stream: what the last evaluation of the command gave has come about. Only
    /// of a protocol without an order.</summary>
    Done,

    /// <summary>The request certainly never happens.</summary>
    Reject,

    /// <summary>The request may still happen; its outcome will not be reported here.</summary>
    Abandon,

    /// <summary>A transfer of leadership has ended.</summary>
    TransferEnded,

    /// <summary>Wake the kernel at a time; replaces the time asked for before.</summary>
    WakeAt,

    /// <summary>The role, the leader or the term is another than before.</summary>
    RoleChanged,

    /// <summary>A peer sent what no correct peer sends.</summary>
    Violated,
}
