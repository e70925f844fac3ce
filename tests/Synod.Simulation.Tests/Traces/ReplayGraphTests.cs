using System.Diagnostics;
using Synod.Kernel;

namespace Synod.Simulation.Tests;

/// <summary>The dependencies on the replay page: what its data says, and that its scripts draw
/// it.</summary>
public sealed class ReplayGraphTests
{
    // In this run two, three and four commands come to depend on each other.
    private const ulong Seed = 7;

    private static readonly GraphPage Page = GraphPage.Of("epaxos", Seed);

    [Fact]
    public void Its_cycles_are_the_instances_that_reach_each_other()
    {
        Setup.MustPass(Page.Report);

        Assert.Equal(
            [2, 3, 4], Page.Cycles.Select(static cycle => cycle.Length).Distinct().Order());
        Assert.Equal(
            CyclesByHand().Order(StringComparer.Ordinal),
            Page.Cycles
                .Select(static cycle => Names(cycle.Select(At)))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    [Feature("A20")]
    public void All_nodes_execute_the_commands_of_a_key_in_one_order_and_cycles_by_owner_and_slot()
    {
        IReadOnlyList<string> order = Page.Order(1);

        Assert.True(order.Count > 50, $"only {order.Count} commands");
        Assert.Equal(order.Count, order.Distinct().Count());
        Assert.Equal(order, Page.Order(2));
        Assert.Equal(order, Page.Order(3));
        foreach (int[] cycle in Page.Cycles)
        {
            string[] commands = [.. cycle.Select(At)
                .Where(static one => one.Holds == "Command")
                .OrderBy(static one => one.Owner).ThenBy(static one => one.Slot)
                .Select(static one => one.Id)];
            int first = order.ToList().IndexOf(commands[0]);
            Assert.Equal(commands, order.Skip(first).Take(commands.Length));
        }
    }

    [Fact]
    public void Every_command_says_which_key_it_writes()
    {
        IEnumerable<GraphNode> commands =
            Page.Instances.Where(static one => one.Holds == "Command");

        Assert.All(commands, one => Assert.StartsWith("w c0", Page.Touched(one).Single()));
    }

    [Fact]
    public void Equal_runs_have_equal_pages()
    {
        Assert.Equal(Page.Html, GraphPage.Of("epaxos", Seed).Html);
    }

    [Fact]
    public void Where_commands_have_one_order_there_are_no_dependencies()
    {
        Assert.Empty(GraphPage.Of("raft", Seed).Instances);
    }

    [Fact]
    public async Task The_page_draws_a_cycle_as_it_comes_to_be_and_when_it_is_executed()
    {
        GraphNode[] cycle = [.. Page.Cycles[0].Select(At)];

        string[] drawn = await DrawAsync(
            [
                "#t=0", "c", "graph-drawing", .. Enumerable.Repeat("g", 60), "graph-drawing", "End",
                "graph-cycles", "graph-orders",
            ]);

        Assert.Matches($">cycle of {cycle.Length}: \\d of {cycle.Length} decided<", drawn[0]);
        Assert.All(cycle, one => Assert.Contains($">{one.Id}", drawn[0]));
        Assert.Contains($">cycle of {cycle.Length}: executed<", drawn[1]);
        Assert.Contains("<path dependency cycle>", drawn[1]);
        Assert.Equal(
            $"<graph-cycles>{Page.Cycles.Count} cycles, {Page.Instances.Count} instances</>",
            drawn[2]);
        Assert.Contains($">{Page.Order(2)[^1]}</>", drawn[3]);
    }

    // What can be reached from where, step by step.
    private static IEnumerable<string> CyclesByHand()
    {
        GraphNode[] decided = [.. Page.Instances.Where(
            static one => one.Decided is not null && one.Holds != "NoOp")];
        bool[,] reaches = new bool[decided.Length, decided.Length];
        for (int from = 0; from < decided.Length; from++)
        {
            for (int to = 0; to < decided.Length; to++)
                reaches[from, to] = Page.DependsOn(decided[from], decided[to]);
        }

        for (int by = 0; by < decided.Length; by++)
        {
            for (int from = 0; from < decided.Length; from++)
            {
                for (int to = 0; to < decided.Length && reaches[from, by]; to++)
                    reaches[from, to] |= reaches[by, to];
            }
        }

        return Enumerable.Range(0, decided.Length)
            .Where(place => reaches[place, place])
            .Select(place => decided.Where(
                (_, other) => reaches[place, other] && reaches[other, place]))
            .Select(Names)
            .Distinct();
    }

    private static string Names(IEnumerable<GraphNode> instances) => string.Join(
        ' ', instances.Select(static one => one.Id).Order(StringComparer.Ordinal));

    private static GraphNode At(int place) => Page.Instances[place];

    private static string Node()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        string? node = folders
            .Select(static folder => Path.Combine(folder, "node"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(node is null, "There is no node in the PATH (Debian: nodejs).");
        return node!;
    }

    // The scripts of the page run without a browser, over elements that only keep what they are
    // told.
    private static async Task<string[]> DrawAsync(params string[] wanted)
    {
        string file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Page.Html, TestContext.Current.CancellationToken);
            ProcessStartInfo start = new(
                Node(),
                [Path.Combine(AppContext.BaseDirectory, "Traces", "render.mjs"), file, .. wanted])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process node = Process.Start(start)!;
            Task<string> errors =
                node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output =
                await node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", await errors);
            return output.Split('\n');
        }
        finally
        {
            File.Delete(file);
        }
    }
}
