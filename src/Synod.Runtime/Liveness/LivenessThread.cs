namespace Synod.Runtime;

/// <summary>The heart of a real node: a thread that does nothing but beat, so that neither disk nor
/// groups can keep it from that.</summary>
public sealed class LivenessThread : IDisposable
{
    private readonly ManualResetEventSlim _stopping = new();
    private readonly NodeLiveness _liveness;
    private readonly TimeSpan _interval;
    private readonly Func<bool> _isAlive;
    private Thread? _thread;

    /// <summary>A thread that is not started.</summary>
    /// <param name="liveness">What beats.</param>
    /// <param name="interval">How often.</param>
    /// <param name="isAlive">Whether the node may say that it lives: a node whose groups are stuck
    /// for good must not keep others from taking over.</param>
    public LivenessThread(NodeLiveness liveness, TimeSpan interval, Func<bool> isAlive)
    {
        _liveness = liveness;
        _interval = interval;
        _isAlive = isAlive;
    }

    /// <summary>Begins to beat. Once.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { Name = "synod liveness", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends after the beat it is in.</summary>
    public void Dispose()
    {
        _stopping.Set();
        _thread?.Join();
        _stopping.Dispose();
    }

    private void Run()
    {
        do
            _liveness.Beat(_isAlive());
        while (!_stopping.Wait(_interval));
    }
}
