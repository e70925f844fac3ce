using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Who is at the other end of a connection, as the handshake has shown.</summary>
public readonly record struct PeerIdentity(MemberIdentity Member, Boot Boot)
{
    /// <summary>As in <c>n3/00c0ffee00c0ffee boot 4</c>.</summary>
    public override string ToString() => $"{Member} {Boot}";
}
