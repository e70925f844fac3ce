using Synod.Hosting;

namespace Synod.Processes.Tests;

/// <summary>The names of all protocols.</summary>
internal sealed class EachProtocol : TheoryData<string>
{
    public EachProtocol()
        : base(Protocols.Names)
    {
    }
}
