using System.Diagnostics;
using Synod.Cli.Processes;

namespace Synod.Compare.Rivals;

/// <summary>One member of a cluster of another system, as Debian ships it: every write is
/// flushed.</summary>
internal abstract class RivalProcess : IDisposable
{
    private readonly Process _process;
    private volatile string _lastWords = "nothing";

    protected RivalProcess(string address, ProcessStartInfo start)
    {
        Address = address;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        _process = Process.Start(start)
            ?? throw new InvalidOperationException($"{start.FileName} could not be started.");
        _process.ErrorDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        _process.OutputDataReceived += (_, line) => _lastWords = line.Data ?? _lastWords;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Where clients reach it.</summary>
    public string Address { get; }

    public bool IsRunning => !_process.HasExited;

    public string LastWords => _lastWords;

    /// <summary>Whether it leads; false if it does not answer yet.</summary>
    public abstract Task<bool> LeadsAsync(CancellationToken cancellation);

    /// <summary>What it has used, by the counts of the system and of itself.</summary>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        _process.Refresh();
        TimeSpan cpu = _process.TotalProcessorTime;
        (long flushes, long sentBytes) = await CountsAsync(cancellation);
        return new NodeUsage
        {
            Cpu = cpu,
            WorkingSetBytes = _process.WorkingSet64,
            DiskBytes = ProcessFacts.DiskBytes(_process.Id),
            Flushes = flushes,
            SentBytes = sentBytes,
        };
    }

    public void Dispose()
    {
        if (IsRunning)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>What it says itself that it has used; zero of what it does not say.</summary>
    protected abstract Task<(long Flushes, long SentBytes)> CountsAsync(
        CancellationToken cancellation);
}
