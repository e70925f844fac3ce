using Microsoft.Extensions.Logging.Abstractions;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;
using Synod.Samples.SqliteLog;
using Synod.Storage;

namespace Synod.Processes.Tests;

/// <summary>Nodes on a log that is not ours.</summary>
public class OwnLogTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Feature("C01")]
    public async Task Another_log_over_an_existing_directory_is_refused_and_nothing_is_lost(
        bool wasOwn)
    {
        using Alone alone = new();
        await using (SynodNode first = Node(alone, wasOwn ? OpenLog : null))
        {
            first.Start();
            Assert.Equal("1", await alone.AddAsync());
        }

        string before = alone.Snapshot();
        await using (SynodNode other = Node(alone, wasOwn ? null : OpenLog))
        {
            NodeStartException error = Assert.Throws<NodeStartException>(other.Start);
            Assert.StartsWith(
                $"The data directory {alone.Data} cannot be used: its log is ",
                error.Message,
                StringComparison.Ordinal);
            Assert.Contains("(SynodOptions.Log)", error.Message, StringComparison.Ordinal);
            Assert.Contains("Nothing was changed.", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, alone.Snapshot());
        await using SynodNode again = Node(alone, wasOwn ? OpenLog : null);
        again.Start();
        Assert.Equal("2", await alone.AddAsync());
    }

    [Fact]
    [Feature("C01")]
    public async Task A_log_that_was_there_and_is_gone_is_not_begun_anew()
    {
        using Alone alone = new();
        List<bool> told = [];
        await using (SynodNode first = Node(alone, Open))
        {
            first.Start();
            Assert.Equal("1", await alone.AddAsync());
        }

        foreach (string file in Directory.GetFiles(Path.Combine(alone.Data, "log")))
            File.Delete(file);
        await using SynodNode again = Node(alone, Open);
        NodeStartException error = Assert.Throws<NodeStartException>(again.Start);

        Assert.Contains("is gone", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(alone.Data, "log")));
        Assert.Equal([false, true], told);

        ILog Open(LogOpening opening)
        {
            told.Add(opening.MustBeThere);
            return OpenLog(opening);
        }
    }

    [Fact]
    [Feature("C01")]
    public async Task Whatever_the_opening_throws_names_the_log_and_what_to_do()
    {
        using Alone alone = new();
        Exception[] causes = [new InvalidOperationException("No table."), new IOException("?")];
        foreach (Exception cause in causes)
        {
            await using SynodNode node = Node(alone, _ => throw cause);
            NodeStartException error = Assert.Throws<NodeStartException>(node.Start);
            Assert.Same(cause, error.InnerException);
            Assert.StartsWith(
                "The log of your own (SynodOptions.Log) was not opened in "
                + $"{alone.Data}/log: {cause.GetType().Name}: {cause.Message}",
                error.Message,
                StringComparison.Ordinal);
        }

        await using (SynodNode node = Node(alone, static _ => throw new LogException("Mine.")))
            Assert.Equal("Mine.", Assert.Throws<NodeStartException>(node.Start).Message);
        await using (SynodNode node = Node(alone, static _ => null!))
        {
            NodeStartException error = Assert.Throws<NodeStartException>(node.Start);
            Assert.Contains("nothing was returned", error.Message, StringComparison.Ordinal);
        }

        // None of them was a log, so the directory may still have either.
        await using SynodNode first = Node(alone, null);
        first.Start();
        Assert.Equal("1", await alone.AddAsync());
    }

    [Fact]
    public async Task A_log_whose_records_are_too_small_for_requests_is_refused_by_name()
    {
        using Alone alone = new();
        await using SynodNode node = Node(alone, static opening => new MemoryLog(
            new MemoryLogOptions
            {
                BlockBytes = 64 << 10,
                ReserveBytes = 256 << 10,
                CapacityBytes = 512 << 10,
            },
            opening.Wake));

        NodeStartException error = Assert.Throws<NodeStartException>(node.Start);

        Assert.Contains("g1 allows requests of", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_of_ones_own_decides_itself_what_it_flushes()
    {
        SynodOptions options = new()
        {
            Cluster = "own",
            Node = 1,
            Log = OpenLog,
            Durability = Durability.Memory,
        };
        options.Nodes[1] = "127.0.0.1:0";

        string? fault = new SynodOptionsValidator().Validate(null, options).FailureMessage;

        Assert.Contains("Log is a log of your own", fault, StringComparison.Ordinal);
    }

    private static SynodNode Node(Alone alone, Func<LogOpening, ILog>? log)
    {
        SynodOptions options = new()
        {
            Cluster = alone.Cluster,
            Node = 1,
            DataDirectory = alone.Data,
            Log = log,
        };
        options.Nodes[1] = alone.At;
        return new SynodNode(options, new Counter(), NullLogger<SynodNode>.Instance);
    }

    private static SqliteLog OpenLog(LogOpening opening) => SqliteLog.Open(
        Path.Combine(opening.Directory, "log.db"),
        new SqliteLogOptions { MustBeThere = opening.MustBeThere },
        opening.Wake);
}
