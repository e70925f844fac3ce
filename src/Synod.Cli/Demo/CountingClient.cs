using Synod.Abstractions;
using Synod.Hosting;
using Synod.Samples.Counter;
using Synod.TestKit;

namespace Synod.Cli.Demo;

/// <summary>Counts, one operation after the other, and writes down what it was answered.</summary>
internal sealed class CountingClient(
    SynodClient client, RunHistory history, string key = CountingClient.Key)
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
        Outcome<long> outcome = await client.ExecuteAsync(key, new Add(1));
        Note(call, outcome, RunHistory.Increment, 1);
    }

    private async Task ReadAsync()
    {
        long call = history.Now;
        Outcome<long> outcome = await client.QueryAsync(key, new GetValue());
        Note(call, outcome, RunHistory.Read, default);
    }

    private void Note(long call, Outcome<long> outcome, string f, HistoryValue value)
    {
        bool isUnknown = outcome is Outcome<long>.Unknown;
        long? ret = isUnknown ? null : history.Now;
        OperationType known = outcome is Outcome<long>.Applied
            ? OperationType.Ok
            : OperationType.Fail;
        OperationType type = isUnknown ? OperationType.Info : known;
        HistoryValue answer =
            outcome is Outcome<long>.Applied applied ? applied.Result : default(HistoryValue);
        history.Add(new Operation(_process, f, key, value, call, ret, type, answer));
        if (isUnknown)
            _process = history.NewProcess();
    }
}
