using Synod.Abstractions;
using Synod.Hosting;
using Synod.Samples.Counter;

namespace Synod.Cli.Demo;

/// <summary>Counts, one operation after the other, and writes down what it was answered.</summary>
internal sealed class CountingClient(SynodClient client, History history)
{
    public const string Key = "demo";
    private const int OperationsPerRead = 10;

    private int _process = history.NewProcess();

    public async Task RunAsync(CancellationToken stop)
    {
        for (int operation = 1; !stop.IsCancellationRequested; operation++)
        {
            if (operation % OperationsPerRead == 0)
                await ReadAsync();
            else
                await IncrementAsync();
        }
    }

    private async Task IncrementAsync()
    {
        long call = history.Now;
        Outcome<long> outcome = await client.ExecuteAsync(Key, new Add(1));
        Note(call, outcome, "incr", 1);
    }

    private async Task ReadAsync()
    {
        long call = history.Now;
        Outcome<long> outcome = await client.QueryAsync(Key, new GetValue());
        Note(call, outcome, "get", null);
    }

    private void Note(long call, Outcome<long> outcome, string f, long? value)
    {
        bool isUnknown = outcome is Outcome<long>.Unknown;
        long? ret = isUnknown ? null : history.Now;
        long? answer = outcome is Outcome<long>.Applied applied ? applied.Result : null;
        string known = answer is null ? "fail" : "ok";
        string type = isUnknown ? "info" : known;
        history.Add(new HistoryEntry(_process, f, Key, value, call, ret, type, answer));
        if (isUnknown)
            _process = history.NewProcess();
    }
}
