using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <content>Bytes that were durable change.</content>
internal static partial class LogCases
{
    private const int Storages = 12;

    public static IReadOnlyList<LogCase> OfDamage { get; } =
    [
        new(
            "Damage is told and never silent, and leaves the newest statements",
            LogAbilities.IsDamaged | LogAbilities.Reopens,
            TellsDamage),
        new(
            "A loss says whether a statement may be among it that is newer than those left",
            LogAbilities.IsDamaged | LogAbilities.Reopens,
            TellsWhatMayBeHidden),
    ];

    // A log may refuse to open if it cannot tell what is left, but not each time: a member whose
    // log opens can be repaired by the others.
    private static void TellsDamage(LogRun run)
    {
        int told = 0;
        int refusals = 0;
        LogException? refusal = null;
        for (int storage = 0; storage < Storages; storage++)
        {
            if (storage > 0)
                run.Renew();
            run.Open();
            for (long openings = run.Random.Below(3); openings >= 0; openings--)
                Refill(run, storage % 2 == 0);
            run.Note("damage");
            if (!run.Storage.Damage(run.Random))
                continue;

            LogException? why = run.TryOpen(out ShownLog shown);
            if (why is not null)
            {
                refusals++;
                refusal = why;
                continue;
            }

            told += run.Log.Damage.Count;
            CheckTold(run, shown, isNew: true);
            run.Wander(StepsMax);
            run.Settle();
            run.Close();
            why = run.TryOpen(out shown);
            Require(why is null, $"It opened, and not a second time: {why?.Message}");
            CheckTold(run, shown, isNew: false);
        }

        Require(
            told > 0 || refusals == 0,
            $"It has refused to open {refusals} times and has never told what is damaged. The last "
            + $"refusal: {refusal?.Message}");
    }

    // Few small statements are hit more often than those among much else.
    private static void Refill(LogRun run, bool isSmall)
    {
        if (run.Written.Count > 0)
            run.Open();
        run.Append();
        if (isSmall)
        {
            for (long more = run.Random.Below(4); more >= 0; more--)
            {
                run.Append(1 + (ulong)run.Random.Below(3), length: 20, isStatement: true);
                run.Settle();
            }
        }
        else
        {
            run.Wander(run.Random.Below(2 * StepsMax));
        }

        run.Settle();
        run.Close();
    }

    private static void CheckTold(LogRun run, ShownLog shown, bool isNew)
    {
        foreach (IGrouping<GroupId, WrittenRecord> replica in run.Written
            .GroupBy(static record => record.Header.Group).ToArray())
        {
            CheckTold(run, [.. replica], [.. shown.Of(replica.Key)], isNew);
        }

        run.RequireWell();
        run.CheckEnds();
        run.CheckReads();
    }

    private static void CheckTold(
        LogRun run, WrittenRecord[] written, ShownLog.Item[] items, bool isNew)
    {
        Dictionary<long, WrittenRecord> byNumber =
            written.ToDictionary(static record => record.Header.Number.Number);
        List<WrittenRecord> left = [];
        long next = 1;
        foreach (ShownLog.Item item in items)
        {
            long number = (item.Lost?.From ?? item.Header.Number).Number;
            Require(
                number == next,
                $"{item} comes where record {next} should: every number is shown or told to be "
                + "lost, once and in order.");
            next = (item.Lost?.Through ?? item.Header.Number).Number + 1;
            if (item.Lost is not null)
                continue;

            WrittenRecord? record = byNumber.GetValueOrDefault(number);
            if (record is null || !item.Is(record))
            {
                throw LogRun.Broken(
                    $"{item} is shown with another header or body, or was lost before.");
            }

            record.Position = item.Position;
            left.Add(record);
        }

        GroupId group = written[0].Header.Group;
        long last = byNumber.Keys.Max();
        Require(
            items.Length == 0 || next > last,
            $"{group} has records up to {last}, and those from {next} on are neither shown nor "
            + "told to be lost.");
        CheckLoss(run, written, left, isNew);
        CheckNothingIsHidden(items);
        run.Adopt(left, group, Math.Max(last, next - 1));
    }

    private static void CheckLoss(
        LogRun run, WrittenRecord[] written, List<WrittenRecord> left, bool isNew)
    {
        WrittenRecord[] lost = [.. written.Except(left)];
        Require(isNew || lost.Length == 0, "More is lost, and nothing was damaged since.");
        Require(
            lost.Length == 0 || run.Log.Damage.Count > 0,
            $"{lost.Length} records are lost, and {nameof(ILog.Damage)} says nothing.");
        foreach (WrittenRecord newest in Newest(written))
        {
            Require(
                left.Contains(newest),
                $"{newest} was the newest statement of its owner, and damage in one place has "
                + "taken it.");
        }
    }

    private static void CheckNothingIsHidden(ShownLog.Item[] items)
    {
        foreach (ShownLog.Item item in items)
        {
            Require(
                item.Lost is not { HidesStatement: true },
                $"{item} may hide a newer statement, it says, and damage in one place takes none.");
        }
    }

    private static IEnumerable<WrittenRecord> Newest(IEnumerable<WrittenRecord> records) =>
        records.Where(static record => record.Header.IsStatement)
            .GroupBy(static record => (record.Header.Epoch, record.Header.Owner))
            .Select(static statements => statements.Last());
}
