using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The ordered stream: what the kernel delivered, handled one item after the
/// other.</summary>
internal sealed partial class Replica
{
    private readonly Queue<StreamItem> _stream = [];
    private string? _machineFailure;

    // An acknowledgement leaves from here only: the item's own record is durable, and what the
    // kernel calls committed is durable at a quorum.
    private void DrainStream()
    {
        while (_machineFailure is null
            && _stream.TryPeek(out StreamItem item)
            && item.Gate <= _records.Durable)
        {
            _stream.Dequeue();
            if (item.Kind == EffectKind.Deliver)
                Apply(item);
            else
                RunRead(item.Request);
        }
    }

    private void Apply(in StreamItem item)
    {
        FrameReader reader = new(Resolve(item.Command, default));
        Envelope envelope = Envelope.ReadFrom(ref reader);
        if (!reader.IsComplete)
            return;

        try
        {
            CommandResult result = _store.Apply(envelope);
            Answer(item.Request, result.Kind, result.Bytes.Span);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            StopMachine($"command {envelope.Identity}", failure);
            Answer(item.Request, ResponseKind.Unknown, default);
        }
    }

    private void RunRead(RequestId request)
    {
        if (_pending.TryGetValue(request.Number, out PendingRequest read))
            AnswerQuery(request, read.Query.Span);
    }
}
