using Synod.TestKit;

namespace Synod.Adapters.Tests.TestKit;

/// <summary>The checker agrees with the names of the shared histories.</summary>
public class SharedHistoryTests
{
    public SharedHistoryTests() => Assert.SkipUnless(
        Directory.Exists(SharedHistories.Folder), $"There is no {SharedHistories.Folder}.");

    [Fact]
    public void Good_ones_are_linearizable() =>
        Assert.All(SharedHistories.Named("good"), static file =>
            Assert.IsType<CheckResult.Linearizable>(Check(file)));

    [Fact]
    public void Bad_ones_are_not() =>
        Assert.All(SharedHistories.Named("bad"), static file =>
        {
            Violation violation =
                Assert.IsType<CheckResult.NotLinearizable>(Check(file)).Violation;

            Assert.Contains(violation.Offending, violation.Window);
            Assert.True(violation.IsMinimal);
        });

    [Fact]
    public void Malformed_ones_are_refused_with_line_and_fault() =>
        Assert.All(SharedHistories.Named("malformed"), static file =>
        {
            HistoryException refusal = Assert.Throws<HistoryException>(() => Check(file));

            Assert.Equal(
                (3, "process 0 overlaps itself: it is called at 5, before 10, when its operation "
                    + "in line 2 returns"),
                (refusal.Line, refusal.Fault));
        });

    [Fact]
    public void What_is_written_is_what_was_read() =>
        Assert.All(Decided(), static file =>
        {
            History history = Read(file);
            using StringWriter written = new();

            history.WriteTo(written);

            using StringReader again = new(written.ToString());
            Assert.Equal(history.Operations, History.Read(again).Operations);
        });

    private static IEnumerable<string> Decided() =>
        [.. SharedHistories.Named("good"), .. SharedHistories.Named("bad")];

    private static CheckResult Check(string file) => LinearizabilityChecker.Check(Read(file));

    private static History Read(string file)
    {
        using StreamReader reader = File.OpenText(file);
        return History.Read(reader);
    }
}
