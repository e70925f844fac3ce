using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

// snippet: history-model
/// <summary>A machine that keeps the highest of the scores that it was told.</summary>
internal sealed class HighScoreModel : HistoryModel<long>
{
    public override string Name => "high-score";

    public override long Initial => 0;

    public override bool IsReadOnly(Operation operation) => operation.F == "best";

    public override bool TryApply(long state, Operation operation, out long after)
    {
        after = operation.F == "tell" ? Math.Max(state, operation.Value.AsInt64()) : state;
        return operation.Allows(after);
    }
}
// end-snippet
