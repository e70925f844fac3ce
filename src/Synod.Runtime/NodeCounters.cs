using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What happens on a node, as plain numbers. Written by the thread of the shard; any
/// thread may read them, each by itself and as of a moment ago.</summary>
public sealed class NodeCounters
{
    /// <summary>Turns of the shard.</summary>
    public long Turns { get; internal set; }

    /// <summary>Frames of peers that nobody could make out.</summary>
    public long Violations { get; internal set; }

    /// <summary>Requests of clients that nobody could make out.</summary>
    public long Misuses { get; internal set; }

    /// <summary>How full the log is.</summary>
    public StoragePressure Pressure { get; internal set; }

    /// <summary>The files of the log, or its blocks of memory.</summary>
    public long LogSegments { get; private set; }

    /// <summary>The bytes that the log holds.</summary>
    public long LogBytes { get; private set; }

    /// <summary>The bytes that it takes.</summary>
    public long LogRoomBytes { get; private set; }

    /// <summary>The most bytes that it may take.</summary>
    public long LogCapacityBytes { get; private set; }

    /// <summary>The flushes that have succeeded.</summary>
    public long LogFlushes { get; private set; }

    /// <summary>The records that were appended.</summary>
    public long LogRecords { get; private set; }

    internal void Take(in LogStatus log)
    {
        Turns++;
        LogSegments = log.Segments;
        LogBytes = log.Bytes;
        LogRoomBytes = log.RoomBytes;
        LogCapacityBytes = log.CapacityBytes;
        LogFlushes = log.Flushes;
        LogRecords = log.Records;
    }
}
