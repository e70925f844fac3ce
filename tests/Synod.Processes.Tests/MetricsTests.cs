using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Samples.Counter;

namespace Synod.Processes.Tests;

public sealed class MetricsTests
{
    private const int Number = 7;
    private const string TableHead = "|---|---|---|---|---|";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_lists_every_metric_as_it_is()
    {
        using Listening listening = new();
        DirectoryInfo directory = Directory.CreateTempSubdirectory("synod-test-");
        await using (LonelyNode lonely = new(Number, options =>
        {
            options.LeaderHook = new Announcer(TextWriter.Null);
            options.Durability = Durability.Fsync;
            options.DataDirectory = Path.Combine(directory.FullName, "data");
        }))
        {
            await RunAsync(lonely);
            listening.Observe();
        }

        directory.Delete(recursive: true);
        string[] now = listening.Lines();

        string file = Path.Combine(Folder(), "../../docs/reference/metrics.md");
        List<string> lines = [.. File.ReadAllLines(file)];
        int first = lines.IndexOf(TableHead) + 1;
        string[] told = [.. lines.Skip(first).TakeWhile(static line => line.StartsWith('|'))];
        if (Environment.GetEnvironmentVariable("SYNOD_UPDATE") == "1")
        {
            lines.RemoveRange(first, told.Length);
            lines.InsertRange(first, now);
            File.WriteAllText(file, string.Join('\n', lines) + "\n");
            told = now;
        }

        Assert.Equal(now, told);
    }

    [Fact]
    public async Task What_happens_is_counted()
    {
        using Listening listening = new();
        await using LonelyNode lonely = new(Number + 10);
        await RunAsync(lonely);
        listening.Observe();

        Dictionary<string, double> values = listening.ValuesOf(Number + 10);
        Assert.Equal(2, values["synod.proposals"]);
        Assert.Equal(2, values["synod.commits"]);
        Assert.Equal(1, values["synod.reads"]);
        Assert.Equal(1, values["synod.reads.local"]);
        Assert.Equal(4, values["synod.answers Applied"]);
        Assert.Equal(2, values["synod.role"]);
        Assert.Equal(3, values["synod.log.committed"]);
        Assert.Equal(0, values["synod.pending"]);
        Assert.InRange(values["synod.network.clients"], 0, 1);
        Assert.Equal(8L << 30, values["synod.storage.capacity"]);
        Assert.InRange(values["synod.storage.flushes"], 3, 100);
        Assert.InRange(values["synod.network.in"], 100, 10_000);
        Assert.InRange(values["synod.turn.duration"], 1e-7, 30);
    }

    [Fact]
    public async Task Each_call_of_a_client_is_a_span()
    {
        List<Activity> ended = [];
        using Activity test = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        using ActivityListener listener = new()
        {
            ShouldListenTo = static source => source.Name == "Synod",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (ended)
                {
                    if (span.TraceId == test.TraceId)
                        ended.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using LonelyNode lonely = new(Number + 20);

        await RunAsync(lonely);

        Assert.Equal(
            ["synod Command", "synod Command", "synod Query", "synod LocalQuery"],
            ended.Select(static span => span.OperationName));
        Assert.All(ended, static span => Assert.Equal("Applied", span.GetTagItem("synod.kind")));
    }

    private static async Task RunAsync(LonelyNode lonely)
    {
        await Soon.Until(
            () => Task.FromResult(
                lonely.Node.Quorum().Status == HealthStatus.Healthy ? lonely : null),
            static () => "the node does not lead");
        await using SynodClient client = lonely.Connect();
        Assert.Equal(Is(5), await client.ExecuteAsync("k", new Add(5), Cancellation));
        Assert.Equal(Is(7), await client.ExecuteAsync("k", new Add(2), Cancellation));
        Assert.Equal(Is(7), await client.QueryAsync("k", new GetValue(), Cancellation));
        Assert.Equal(Is(7), await client.QueryLocalAsync("k", new GetValue(), Cancellation));
    }

    private static Outcome<long> Is(long value) => new Outcome<long>.Applied(value);

    private static string Folder([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file) ?? "";

    /// <summary>Listens to all meters of the name.</summary>
    private sealed class Listening : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly SortedDictionary<string, (Instrument Instrument, string Tags)> _seen =
            new(StringComparer.Ordinal);

        private readonly Dictionary<(long Node, string Name), double> _values = [];

        public Listening()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Synod")
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>(
                (instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>(
                (instrument, value, tags, _) => Note(instrument, value, tags));
            _listener.Start();
        }

        public void Observe() => _listener.RecordObservableInstruments();

        public Dictionary<string, double> ValuesOf(int node)
        {
            lock (_seen)
            {
                return _values
                    .Where(pair => pair.Key.Node == node)
                    .ToDictionary(static pair => pair.Key.Name, static pair => pair.Value);
            }
        }

        /// <summary>The lines of the table: all that was measured.</summary>
        public string[] Lines()
        {
            lock (_seen)
            {
                return [.. _seen.Values.Select(static seen =>
                    $"| `{seen.Instrument.Name}` | {KindOf(seen.Instrument)} "
                    + $"| `{seen.Instrument.Unit}` | {seen.Tags} "
                    + $"| {seen.Instrument.Description} |")];
            }
        }

        public void Dispose() => _listener.Dispose();

        private static string KindOf(Instrument instrument) =>
            instrument.GetType().Name.Split('`')[0].Replace("Observable", "") switch
            {
                "Counter" => "counter",
                "Gauge" => "gauge",
                "Histogram" => "histogram",
                string other => other,
            };

        private void Note(
            Instrument instrument,
            double value,
            ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string names = "";
            string name = instrument.Name;
            long node = 0;
            foreach ((string key, object? tag) in tags)
            {
                names += names.Length == 0 ? $"`{key}`" : $", `{key}`";
                node = key == "synod.node" ? (long)(tag ?? 0L) : node;
                name += key == "synod.kind" ? $" {tag}" : "";
            }

            lock (_seen)
            {
                _seen[instrument.Name] = (instrument, names);
                _values[(node, name)] = value;
            }
        }
    }
}
