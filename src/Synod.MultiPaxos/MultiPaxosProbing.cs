using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>Asks whether promises would be given.</summary>
internal sealed class MultiPaxosProbing(Instant begun) : MemberRole
{
    public Instant Begun => begun;

    public MemberSet Granted { get; set; }

    public MemberSet Refused { get; set; }

    public override void Digest(ref StateHash hash)
    {
        hash.Add(100);
        hash.Add(Granted.Bits);
        hash.Add(Refused.Bits);
    }
}
