using Synod.Abstractions;
using Synod.Kernel;
using Synod.Storage;

namespace Synod.Adapters.Tests.Storage;

/// <summary>SYNOD_SEEDS says how many seeds, SYNOD_SEED replays one.</summary>
public class RandomCrashTests(ITestOutputHelper output)
{
    private const int Seeds = 60;
    private const int Openings = 12;
    private const int StepsMax = 40;

    [Fact]
    [Feature("C02")]
    [Feature("C06")]
    public void What_was_acknowledged_survives_and_the_rest_is_a_prefix()
    {
        foreach (ulong seed in SeedsToRun.All(Seeds))
            Run(seed);
    }

    private void Run(ulong seed)
    {
        output.WriteLine($"seed {seed}");
        SeededRandom random = new(seed);
        TestLog test = new();
        List<(LogPosition Position, string Body)> model = [];
        test.Open();
        for (int opening = 0; opening < Openings; opening++)
        {
            for (long steps = random.Below(StepsMax); steps > 0; steps--)
                Step(test, model, random);
            LogPosition acknowledged = test.Log.Durable;
            Stop(test, random);

            // A stop during the opening itself must change nothing.
            if (random.Chance(1, 3))
                FailToOpen(test, random);
            test.Open();
            Check(test, model, acknowledged);
        }
    }

    private static void Step(
        TestLog test, List<(LogPosition Position, string Body)> model, SeededRandom random)
    {
        switch (random.Below(8))
        {
            case 0 or 1 or 2:
                if (test.Log.Report.Segments < 12)
                {
                    string body = BodyOf(test, random);
                    model.Add((test.Append(body), body));
                }

                break;
            case 3:
                test.Log.Flush();
                break;
            case 4 or 5:
                test.Disk.RunOne();
                break;
            case 6:
                test.Log.Poll();
                break;
            default:
                if (model.Count > 0)
                {
                    (LogPosition position, string expected) =
                        model[(int)random.Below(model.Count)];
                    Assert.Equal(expected, test.Read(position));
                }

                break;
        }
    }

    // Few letters, so that stale sectors are often equal to new ones.
    private static string BodyOf(TestLog test, SeededRandom random)
    {
        char letter = (char)('a' + random.Below(2));
        int length = random.Chance(1, 3)
            ? test.Log.RecordBytesMax - (int)random.Below(100)
            : (int)random.Below(6000);
        return new string(letter, length);
    }

    private static void Stop(TestLog test, SeededRandom random)
    {
        switch (random.Below(8))
        {
            case 0:
                test.Log.Dispose();
                test.Disk.Crash();
                break;
            case 1:
                test.Disk.Restart();
                break;
            default:
                Crash(test, random);
                break;
        }

        test.Disk.IsStepwise = true;
    }

    private static void Crash(TestLog test, SeededRandom random)
    {
        long kept = random.Below(5);
        test.Disk.Crash((_, _) => random.Chance(kept, 4));
    }

    private static void FailToOpen(TestLog test, SeededRandom random)
    {
        DiskJobKind kind = random.Chance(1, 2) ? DiskJobKind.Write : DiskJobKind.Flush;
        test.Disk.Fail(kind, (int)random.Below(3));
        try
        {
            test.Open();
        }
        catch (LogException)
        {
            Assert.True(test.Disk.List().Count > 0);
        }

        Crash(test, random);
    }

    private static void Check(
        TestLog test,
        List<(LogPosition Position, string Body)> model,
        LogPosition acknowledged)
    {
        int count = test.Shown.Count;
        Assert.True(count <= model.Count, "Records came up that were never appended.");
        Assert.Equal(model.Take(count).Select(static record => record.Body), test.Shown);
        Assert.Equal(model.Take(count).Select(static record => record.Position), test.Positions);
        Assert.True(acknowledged <= test.Log.Durable, "An acknowledged record is lost.");
        model.RemoveRange(count, model.Count - count);
    }
}
