using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Synod.Hosting;

namespace Synod.Cli.Processes;

/// <summary>A node as a process of the operating system: started, killed and started
/// again.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private const int SignalTerminate = 15;
    private const int SignalContinue = 18;
    private const int SignalStop = 19;

    // Another program that uses this one has it beside itself.
    private static readonly string Program =
        Assembly.GetEntryAssembly() == typeof(NodeProcess).Assembly
            && Environment.ProcessPath is string path
                ? path
                : Path.Combine(AppContext.BaseDirectory, "synod");

    private readonly string[] _arguments;
    private readonly string _logFile;
    private Process? _process;
    private TaskCompletionSource<NodeUsage>? _asking;

    public NodeProcess(int number, string directory, string[] addresses, string[] options)
    {
        Number = number;
        Address = addresses[number - 1];
        string name = string.Create(CultureInfo.InvariantCulture, $"node-{number}");
        _logFile = Path.Combine(directory, $"{name}.log");
        _arguments =
        [
            "node", number.ToString(CultureInfo.InvariantCulture),
            "--cluster", directory,
            "--at", string.Join(',', addresses),
            "--data", Path.Combine(directory, name),
            "--until-input-ends",
            .. options,
        ];
    }

    public int Number { get; }

    public string Address { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What its last process said before it ended.</summary>
    public string LastWords => File.Exists(_logFile)
        ? File.ReadLines(_logFile).LastOrDefault("nothing")
        : "nothing";

    public void Start()
    {
        _process?.Dispose();
        ProcessStartInfo start = new(Program)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        bool isMuxer = Path.GetFileNameWithoutExtension(start.FileName) == "dotnet";
        if (isMuxer)
            start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        foreach (string argument in _arguments)
            start.ArgumentList.Add(argument);

        _process = Process.Start(start)
            ?? throw new CommandException($"node {Number} could not be started.");
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>What it has used so far.</summary>
    /// <exception cref="CommandException">It has ended.</exception>
    public async Task<NodeUsage> UsageAsync(CancellationToken cancellation)
    {
        if (_process is null)
            throw new CommandException($"node {Number} was not started.");

        TaskCompletionSource<NodeUsage> asking =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        _asking = asking;
        Task ended = _process.WaitForExitAsync(cancellation);
        await _process.StandardInput.WriteLineAsync(NodeUsage.Question.AsMemory(), cancellation);
        await _process.StandardInput.FlushAsync(cancellation);
        await Task.WhenAny(asking.Task, ended);
        return asking.Task.IsCompleted
            ? await asking.Task
            : throw new CommandException(
                $"node {Number} has ended. Its last words: {LastWords}");
    }

    /// <summary>Crashes a part of it; the process goes on.</summary>
    /// <returns>False if it has ended.</returns>
    public async Task<bool> CrashAsync(NodePart part, CancellationToken cancellation)
    {
        if (!IsRunning || _process is not Process process)
            return false;

        try
        {
            ReadOnlyMemory<char> order = NodeParts.Order(part).AsMemory();
            await process.StandardInput.WriteLineAsync(order, cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Ends it as <c>kill -9</c> does: it gets no say.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
    }

    /// <summary>Tells it to stop, and waits until it has.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Signal(SignalTerminate);
        if (_process is not null)
            await _process.WaitForExitAsync(cancellation);
    }

    /// <summary>Stops it in its tracks; its connections stay open and silent.</summary>
    public void Pause() => Signal(SignalStop);

    /// <summary>Lets it go on as if nothing had happened.</summary>
    public void Resume() => Signal(SignalContinue);

    public void Dispose()
    {
        if (IsRunning)
            Kill();
        _process?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private void Signal(int signal)
    {
        if (_process is not null && SendSignal(_process.Id, signal) != 0)
            throw new CommandException($"node {Number} could not be signalled.");
    }

    private void Hear(string? line)
    {
        if (line is not null && NodeUsage.TryParse(line) is NodeUsage usage)
            _asking?.TrySetResult(usage);
        else
            Log(line);
    }

    private void Log(string? line)
    {
        lock (_arguments)
        {
            if (line is not null)
                File.AppendAllText(_logFile, line + Environment.NewLine);
        }
    }
}
