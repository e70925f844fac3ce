using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>The ordered stream of one replica: what its kernel has delivered, and how far the
/// machine has come in it.</summary>
internal sealed class DeliveryAudit(World world, NodeId node)
{
    private readonly Queue<(EffectKind Kind, Payload Command, Item Item)> _asked = [];
    private readonly Queue<Item> _stream = [];
    private readonly HashSet<CommandIdentity> _ordered = [];
    private readonly StringBuilder _vain = new();

    /// <summary>How often a command was ordered that had been ordered before.</summary>
    public int Repeats { get; private set; }

    /// <summary>The kernel puts a command or a read into the stream.</summary>
    /// <param name="effect">What it asks for.</param>
    /// <param name="names">What the protocol calls the commands of this step.</param>
    public void Asked(in Effect effect, Queue<string> names)
    {
        bool isNamed = effect.Kind == EffectKind.Deliver && names.Count > 0;
        Item item = new(null, effect.Record, isNamed ? names.Dequeue() : "");
        _asked.Enqueue((effect.Kind, effect.Command, item));
    }

    /// <summary>All records of the turn are appended: what was delivered can be read.</summary>
    public void TurnEnds(GroupId group, AuditedLog log)
    {
        while (_asked.TryDequeue(out (EffectKind Kind, Payload Command, Item Item) next))
        {
            if (next.Kind == EffectKind.ReadReady)
            {
                _stream.Enqueue(next.Item);
                continue;
            }

            Take(group, log, next.Command, next.Item);
        }
    }

    /// <summary>The machine comes to a command, or to a read. The stream is handled in order, and
    /// nothing before it is durable. Commands that do not come to the machine are copies, or wait
    /// for one before them.</summary>
    /// <param name="command">The command; null for a read.</param>
    /// <param name="durable">Up to here the records are durable.</param>
    /// <returns>Its name, and those of the copies that were passed over since the last one; empty
    /// for a read, and where commands have no names.</returns>
    public string GoTo(CommandIdentity? command, RecordNumber durable)
    {
        while (_stream.TryDequeue(out Item next))
        {
            if (next.Gate > durable)
            {
                throw world.Violated(
                    $"{node} handles {next.Command} of record {next.Gate}, durable is {durable}");
            }

            if (next.Command == command || next.IsUnreadable)
                return Named(next.Name);
            if (next.Name.Length > 0)
                _vain.Append(' ').Append(next.Name);
        }

        throw world.Violated($"{node} handles {command}, which was not delivered");
    }

    /// <summary>The life of the kernel has ended.</summary>
    public void Clear()
    {
        _asked.Clear();
        _stream.Clear();
        _ordered.Clear();
        _vain.Clear();
    }

    // The replica may have loaded what the disk does not give back any more.
    private void Take(GroupId group, AuditedLog log, Payload command, Item item)
    {
        if (!log.TryRead(group, command, out ReadOnlySpan<byte> bytes))
        {
            _stream.Enqueue(item with { IsUnreadable = true });
            return;
        }

        FrameReader reader = new(bytes);
        Envelope envelope = Envelope.ReadFrom(ref reader);
        if (!reader.IsComplete)
            return;

        // A retried command may be ordered twice.
        Repeats += _ordered.Add(envelope.Identity) ? 0 : 1;
        _stream.Enqueue(item with { Command = envelope.Identity });
    }

    private string Named(string name)
    {
        if (name.Length == 0)
            return "";

        string vain = _vain.Length > 0 ? $" in vain{_vain}" : "";
        _vain.Clear();
        return $" as {name}{vain}";
    }

    private readonly record struct Item(
        CommandIdentity? Command, RecordNumber Gate, string Name, bool IsUnreadable = false);
}
