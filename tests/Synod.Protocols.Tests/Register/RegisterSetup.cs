using Synod.Kernel;
using Synod.Protocols.Tests.Groups;
using Synod.Register;

namespace Synod.Protocols.Tests.Register;

/// <summary>A group of per-key Paxos.</summary>
internal sealed record RegisterSetup : GroupSetup
{
    public RegisterSetup(int members)
        : base(members)
    {
        IsKeyed = true;
    }

    public RegisterOptions Options { get; init; } = new();

    public override IProtocol Protocol => new RegisterProtocol(Options);

    public override GroupMember NewMember(int self) => new RegisterMember(self, this);
}
