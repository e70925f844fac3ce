using Synod.Hosting;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>Each protocol that puts commands in an order, by name.</summary>
internal sealed class EachOrderedProtocol : TheoryData<string>
{
    public EachOrderedProtocol()
        : base(Protocols.Names.Where(static name =>
            Protocols.Create(new SynodOptions { Protocol = name }).IsOrdered))
    {
    }
}
