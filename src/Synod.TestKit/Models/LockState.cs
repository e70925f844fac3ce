using System.Globalization;

namespace Synod.TestKit;

/// <summary>Who holds a lock, null for nobody, and the least that its highest token can
/// be.</summary>
internal readonly record struct LockState(HistoryValue Owner, long Token)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Owner.IsNull ? "free" : $"held by {Owner}")}, {(Token < 0 ? "no token yet" : Last)}");

    private string Last => string.Create(
        CultureInfo.InvariantCulture, $"the last token at least {Token}");
}
