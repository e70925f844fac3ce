using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Clients who asked for it are told that their command is committed, before it
/// runs.</summary>
internal sealed partial class Replica
{
    private Queue<(RecordNumber Gate, RequestId Request)>? _committed;

    // How many requests wait to be told that. Mostly none does, and nobody is looked for.
    private int _untold;

    // Told once, and never before it is durable here: the record behind which the kernel says so.
    private void TellCommitted(in Effect effect)
    {
        if (_untold > 0
            && _pending.TryGet(effect.Request, out PendingRequest pending)
            && pending.TellsCommit)
        {
            _untold--;
            _pending.Set(effect.Request, pending with { TellsCommit = false });
            _committed ??= [];
            _committed.Enqueue((effect.Record, effect.Request));
            WantFlush(effect.Record);
        }
    }

    private void AnswerCommitted()
    {
        if (_committed is null)
            return;

        while (_committed.TryPeek(out (RecordNumber Gate, RequestId Request) next)
            && next.Gate <= _records.Durable)
        {
            _committed.Dequeue();
            if (_pending.TryGet(next.Request, out PendingRequest pending))
                Reply(pending, ResponseKind.Committed, default);
        }
    }
}
