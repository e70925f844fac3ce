using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a hook is told, on the leader only. Without a hook nothing is done.</summary>
internal sealed partial class Replica
{
    private RecordNumber _history;
    private long _ledFrom;
    private long _electedTerm;
    private bool _isHistoryTold;

    private bool LeadsForHook => _options.Hook is not null && IsLeading;

    private void HookRole()
    {
        if (!LeadsForHook || KernelStatusNow.Term == _electedTerm)
            return;

        _electedTerm = KernelStatusNow.Term;

        // Its first own entry: what is before it was there when it was elected.
        _ledFrom = KernelStatusNow.Last;
        _options.Hook?.Elected(_epoch?.Id ?? default, _electedTerm);
    }

    private void HookCommitted(in StreamItem item, in Envelope envelope, in CommandResult result)
    {
        if (LeadsForHook)
        {
            _options.Hook?.Committed(
                envelope,
                result.Bytes.Span,
                isRefused: result.Kind == ResponseKind.Refused,
                isRestored: item.Command.Record <= _history);
        }
    }

    private void HookAnswered(ReadOnlySpan<byte> query, in CommandResult answer)
    {
        if (LeadsForHook)
        {
            _options.Hook?.Answered(
                query, answer.Bytes.Span, isRefused: answer.Kind == ResponseKind.Refused);
        }
    }

    // All of the history is applied, and nothing newer is yet.
    private void HookRestored()
    {
        bool isDue = !_isHistoryTold
            && LeadsForHook
            && _ledFrom > 0
            && KernelStatusNow.Committed >= _ledFrom;
        if (!isDue)
            return;

        foreach (StreamItem item in _stream)
        {
            if (item.Kind == EffectKind.Deliver && item.Command.Record <= _history)
                return;
        }

        _isHistoryTold = true;
        if (_history > default(RecordNumber))
            _options.Hook?.Restored(_epoch?.Id ?? default, KernelStatusNow.Term);
    }
}
