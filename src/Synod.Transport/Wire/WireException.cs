namespace Synod.Transport;

/// <summary>The other end sent what no correct end sends; the connection is closed.</summary>
internal sealed class WireException(string message) : Exception(message);
