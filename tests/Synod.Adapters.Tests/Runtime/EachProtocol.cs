using Synod.Hosting;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>The names of all protocols: what the runtime promises it promises on each.</summary>
internal sealed class EachProtocol : TheoryData<string>
{
    public EachProtocol()
        : base(Protocols.Names)
    {
    }
}
