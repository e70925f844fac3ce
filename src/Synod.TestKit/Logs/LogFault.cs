namespace Synod.TestKit;

/// <summary>What a disk can fail to do.</summary>
public enum LogFault
{
    /// <summary>To take bytes.</summary>
    Write,

    /// <summary>To make them durable. A disk that is asked again says yes, and yet they are not:
    /// so does Linux.</summary>
    Flush,
}
