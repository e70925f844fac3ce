using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.SqliteLog;

namespace Synod.Processes.Tests;

/// <summary>Nodes on a log that is not ours.</summary>
public class OwnLogTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Feature("C01")]
    public async Task A_cluster_serves_on_a_log_of_its_users_and_keeps_what_it_has_said()
    {
        await using EmbeddedCluster cluster = await EmbeddedCluster.StartAsync(
            static () => new HighScore(), 3, static options => options.Log = OpenLog);
        await cluster.LeaderAsync();
        await using SynodClient client =
            cluster.Connect(new HighScore(), TimeSpan.FromSeconds(20));
        for (int score = 1; score <= 20; score++)
            Assert.Equal(Is(true), await client.ExecuteAsync("k", new Beat(score), Cancellation));

        for (int node = 1; node <= 3; node++)
            await cluster.StopAsync(node);
        for (int node = 1; node <= 3; node++)
            await cluster.StartAsync(node);

        Assert.Equal(Is(20L), await client.QueryAsync("k", new Best(), Cancellation));
        Assert.Equal(Is(false), await client.ExecuteAsync("k", new Beat(20), Cancellation));
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

    private static SqliteLog OpenLog(string directory, Action wake) =>
        SqliteLog.Open(Path.Combine(directory, "log.db"), new SqliteLogOptions(), wake);

    private static Outcome<T> Is<T>(T result) => new Outcome<T>.Applied(result);
}
