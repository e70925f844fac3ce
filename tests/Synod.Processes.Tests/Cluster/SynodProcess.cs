using System.Diagnostics;
using System.Globalization;

namespace Synod.Processes.Tests;

/// <summary>One process of the <c>synod</c> program, with all that it says. Ended by its id when
/// disposed of.</summary>
internal sealed class SynodProcess : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "synod");

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly TaskCompletionSource _outputEnded = new();
    private readonly TaskCompletionSource _errorsEnded = new();
    private readonly Process _process;

    private SynodProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start) ?? throw new InvalidOperationException(start.FileName);
        _process.OutputDataReceived += (_, line) => Take(line.Data, Output, _outputEnded);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, Errors, _errorsEnded);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public List<string> Output { get; } = [];

    public List<string> Errors { get; } = [];

    public bool IsRunning => !_process.HasExited;

    /// <summary>All lines, in the order in which they came.</summary>
    public string Said
    {
        get
        {
            lock (_gate)
                return string.Join('\n', _lines);
        }
    }

    public static SynodProcess Start(params IEnumerable<string> arguments) =>
        StartUnder([], arguments);

    /// <summary>Starts it under another program, which is followed by its own arguments.</summary>
    public static SynodProcess StartUnder(string[] prefix, IEnumerable<string> arguments)
    {
        string[] words = [.. prefix, Program, .. arguments];
        return new SynodProcess(new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<SynodResult> RunAsync(params IEnumerable<string> arguments)
    {
        using SynodProcess process = Start(arguments);
        int code = await process.ExitAsync();
        return new SynodResult(
            code, string.Join('\n', process.Output), string.Join('\n', process.Errors));
    }

    /// <summary>The first line that contains the text, also if it was said already.</summary>
    public Task<string> LineAsync(string part)
    {
        TaskCompletionSource<string> seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is string line)
                seen.SetResult(line);
            else
                _awaited.Add((part, seen));
        }

        return Soon.Within(seen.Task, () => $"'{part}' was not said, but:\n{Said}");
    }

    /// <summary>Its exit code, once it has ended and all it said has arrived.</summary>
    public async Task<int> ExitAsync()
    {
        Task ended = Task.WhenAll(
            _process.WaitForExitAsync(), _outputEnded.Task, _errorsEnded.Task);
        await Soon.Within(ended, () => $"It has not ended. It said:\n{Said}");
        return _process.ExitCode;
    }

    /// <summary><c>kill -9</c>, also for what it runs under.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    /// <summary>Asks it to end.</summary>
    public void Terminate() => Signal("TERM");

    /// <summary>Sends a signal, by the name that <c>kill</c> has for it.</summary>
    public void Signal(string name)
    {
        string id = _process.Id.ToString(CultureInfo.InvariantCulture);
        using Process kill = Process.Start("kill", [$"-{name}", id]);
        kill.WaitForExit();
    }

    /// <summary>Closes its standard input.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public void Dispose()
    {
        if (IsRunning)
            Kill();
        _process.Dispose();
    }

    private void Take(string? line, List<string> to, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }

        lock (_gate)
        {
            to.Add(line);
            _lines.Add(line);
            _awaited.RemoveAll(awaited =>
                line.Contains(awaited.Part, StringComparison.Ordinal)
                && awaited.Seen.TrySetResult(line));
        }
    }
}
