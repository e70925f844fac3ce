namespace Synod.Runtime;

/// <summary>What a client asks for.</summary>
public enum RequestKind : byte
{
    /// <summary>A command, to be ordered and applied.</summary>
    Command = 1,

    /// <summary>A linearizable query.</summary>
    Query = 2,

    /// <summary>A query of whatever this replica has; it may be old.</summary>
    LocalQuery = 3,

    /// <summary>The status of the replica.</summary>
    Status = 4,

    /// <summary>Leadership is to go to another node, or is not to go after all.</summary>
    Transfer = 5,

    /// <summary>A linearizable query that the replica which is asked answers itself, if it
    /// can.</summary>
    NearQuery = 6,

    /// <summary>The state of a key, and each change of it, as this replica applies it. The number
    /// of the request is that of the watch.</summary>
    Watch = 7,

    /// <summary>The client has used events of its watches, and has these watches; answered when it
    /// has a number.</summary>
    WatchUse = 8,

    /// <summary>The watch of this number ends. Not answered.</summary>
    Unwatch = 9,

    /// <summary>A command whose client is told, before its result, that it is committed.</summary>
    StepwiseCommand = 10,
}
