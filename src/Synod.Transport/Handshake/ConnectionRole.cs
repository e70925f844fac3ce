namespace Synod.Transport;

/// <summary>As what a dialler comes.</summary>
internal enum ConnectionRole : byte
{
    /// <summary>Another node of the cluster: sends, and only listens for the end.</summary>
    Member = 1,

    /// <summary>A client: both ends send.</summary>
    Client = 2,
}
