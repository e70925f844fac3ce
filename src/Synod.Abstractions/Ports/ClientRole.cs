namespace Synod.Abstractions;

/// <summary>What the client at the other end of a connection may do; each role may do what those
/// before it may.</summary>
public enum ClientRole : byte
{
    /// <summary>Ask for the status.</summary>
    Observer = 0,

    /// <summary>Send commands and queries.</summary>
    Client = 1,

    /// <summary>Administrate: transfer leadership, change and recover groups.</summary>
    Admin = 2,
}
