using System.Text;
using Synod.Kernel;
using Synod.MultiPaxos;

namespace Synod.Protocols.Tests.MultiPaxos;

/// <summary>What a message tells of a slot.</summary>
/// <param name="Ballot">In which ballot it was proposed; zero for a slot that nothing is known
/// of.</param>
/// <param name="Command">The command; null for a no-op.</param>
internal readonly record struct Told(Ballot Ballot, string? Command)
{
    public static Told Nothing => default;

    /// <summary>In which ballot it was proposed first; by default in this one.</summary>
    public Ballot? Origin { get; init; }

    public byte[] Bytes => Encoding.UTF8.GetBytes(Command ?? "");

    public MultiPaxosSlotHead Head => new(Ballot, Origin ?? Ballot, Kind, Bytes.Length);

    private MultiPaxosValueKind Kind =>
        Ballot == Ballot.Zero ? MultiPaxosValueKind.None
        : Command is null ? MultiPaxosValueKind.NoOp
        : MultiPaxosValueKind.Command;
}
