using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <content>Damage in many places, which may take what damage in one place leaves.</content>
internal static partial class LogCases
{
    private const int StatementBytes = 3500;
    private const int Wounds = 8;

    // A log may refuse to open then. If it opens, a member must not take an older vote for its
    // newest.
    private static void TellsWhatMayBeHidden(LogRun run)
    {
        for (int storage = 0; storage < 2 * Storages; storage++)
        {
            if (storage > 0)
                run.Renew();
            run.Open();
            for (ulong group = 1; group <= 3; group++)
            {
                run.Append(group, length: 20, isStatement: false);
                run.Append(group, length: 20, isStatement: true);
                run.Settle();
                int length = Math.Min(StatementBytes, run.Log.StatementBytesMax);
                run.Append(group, length, isStatement: true);
                run.Settle();
            }

            // What was flushed last may look like a torn tail when the end is hurt as well, but not
            // what so many flushes have followed.
            for (int flush = 0; flush <= Wounds; flush++)
            {
                run.Append(1 + (ulong)run.Random.Below(3), length: 20, isStatement: false);
                run.Settle();
            }

            run.Close();
            run.Note("damage");
            for (int wound = 0; wound < Wounds; wound++)
                run.Storage.Damage(run.Random);
            if (run.TryOpen(out ShownLog shown) is null)
                RequireHiddenIsTold(run, shown);
        }
    }

    private static void RequireHiddenIsTold(LogRun run, ShownLog shown)
    {
        foreach (IGrouping<GroupId, WrittenRecord> replica in run.Written
            .Where(static record => record.Header.IsStatement
                && record.Header.Owner == RecordOwner.Kernel)
            .GroupBy(static record => record.Header.Group))
        {
            ShownLog.Item[] items = [.. shown.Of(replica.Key)];
            long newest = items
                .Where(static item => item.Lost is null && item.Header.IsStatement
                    && item.Header.Owner == RecordOwner.Kernel)
                .Select(static item => item.Header.Number.Number)
                .DefaultIfEmpty(0)
                .Max();
            RecordNumber last = replica.Last().Header.Number;
            bool isTold = Array.Exists(items, item => item.Lost is { HidesStatement: true } lost
                && lost.From <= last && last <= lost.Through);
            Require(
                newest == last.Number || isTold || (items.Length == 0 && run.Log.Damage.Count > 0),
                $"Statement {last} of {replica.Key} is lost, the newest that is left is {newest}, "
                + $"and {string.Join(", ", (object[])items)} does not say so.");
        }
    }
}
