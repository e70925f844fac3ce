using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What a client of this life wants, until it has it.</summary>
/// <param name="Request">The request; none if whoever waited was told that nothing is
/// known.</param>
/// <param name="Value">What is proposed.</param>
/// <param name="Command">Where the command is.</param>
internal readonly record struct OwnRequest(RequestId Request, EPaxosValue Value, Payload Command)
{
    /// <summary>What it counts among those that wait.</summary>
    public long Weight => Value.Length + EPaxosOptions.CommandOverhead;
}
