using System.Diagnostics.CodeAnalysis;
using Synod.Abstractions;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The loads of a log, with one bug.</summary>
internal sealed class BrokenLoads(ILog log, LogBug bug)
{
    private LogLoad? _again;
    private int _underWay;

    public void Load(LogLoad load)
    {
        if (bug == LogBug.ForgetsLoads && _underWay > 0)
            return;

        _underWay++;
        log.Load(load);
    }

    public bool TryTake([NotNullWhen(true)] out LogLoad? load)
    {
        load = _again;
        _again = null;
        if (load is not null)
            return true;
        if (!log.TryTakeLoaded(out load))
            return false;

        _underWay--;
        _again = bug == LogBug.LoadsTwice ? load : null;
        if (bug == LogBug.FailsWhatIsReleased && load[0] < log.Base)
            load.Failure = new LogException("It was released.");
        for (int index = 0; index < load.Count; index++)
            Spoil(load, index);
        return true;
    }

    private void Spoil(LogLoad load, int index)
    {
        LogPosition position = load[index];
        if (!load.TryGet(position, out RecordHeader header, out ReadOnlySpan<byte> body))
            return;

        byte[] other = body.ToArray();
        if (bug == LogBug.LoadsWithoutHeaders)
            load.Take(index, default, other);
        bool isSpoilt = (bug == LogBug.LoadsAnother && index > 0)
            || (bug == LogBug.LoadsWhatCameAfter && position < log.Base);
        if (!isSpoilt)
            return;

        Array.Fill(other, (byte)'!');
        load.Take(index, header, other);
    }
}
