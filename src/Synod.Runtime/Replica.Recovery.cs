using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Runtime;

/// <content>A new life takes back its records, and learns which of them are lost.</content>
internal sealed partial class Replica : ILogVisitor
{
    private List<LostRecords>? _lost;
    private RecordNumber _recovered;

    // It takes no input before its epoch serves: it has not begun to live.
    private IKernel? _unborn;

    /// <summary>Why it cannot begin to live at all; null if it can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Takes back a record of its own, before <see cref="Start"/>.</summary>
    public void Recover(in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        if (Refusal is not null)
            return;
        bool isKept = header.IsStatement && header.Number <= _records.Released;
        if (!isKept && header.Number != _recovered.Next())
            throw Unreadable(header, position, $"record {_recovered.Next()} is missing");
        if (_creation.Epoch is EpochDescriptor epoch && epoch.Id != header.Epoch)
            throw Unreadable(header, position, $"it is of {header.Epoch}, not of {epoch.Id}");

        if (isKept)
            _records.Keep(header, position);
        else
            _recovered = header.Number;
        if (_records.Appended < _recovered)
            _records.Add(header, position);
        bool isTaken = header.Owner == RecordOwner.Kernel
            ? RecoverKernel(header, position, body)
            : _creation.Recover(header.Number, body);
        if (!isTaken)
            throw Unreadable(header, position, "it is of another format or protocol");
    }

    /// <summary>Takes note of where its records begin, before <see cref="Start"/>.</summary>
    public void Begin(in LogFloor floor)
    {
        _records.Begin(floor);
        _recovered = _records.Released;
    }

    /// <summary>Takes note of records that are lost, before <see cref="Start"/>.</summary>
    public void Lose(in LostRecords lost)
    {
        if (Refusal is not null)
            return;

        Invariant.Holds(
            lost.From == _recovered.Next(),
            "Synod safety §7: lost records are told in their place");
        _recovered = lost.Through;
        if (_records.Appended < _recovered)
        {
            _records.Lose(lost);
            _host.Notices.RecordsLost(lost);
        }
        else if (lost.Through < lost.From)
        {
            _records.LoseBefore(lost);
        }

        _lost ??= [];
        _lost.Add(lost);
        _unborn?.Lost(lost.From, lost.Through, lost.HidesStatement);
    }

    /// <summary>All was recovered: if its creation is lost there is a
    /// <see cref="Refusal"/>.</summary>
    /// <remarks>Whether this node is a member at all, and what it has promised, nobody can tell it
    /// then. Where nothing of a group is left it may be new or lost; that is for the operator to
    /// say.</remarks>
    public void LookForCreation()
    {
        long missing = 0;
        foreach (LogDamage damage in _host.Log.Damage)
            missing += damage.LostMax;
        if (_creation.Epoch is not null || missing == 0)
            return;

        Refusal =
            $"{_options.Id} is not served: its creation is not in the log, which is damaged "
            + $"({_host.Log.Damage[0]}; {_host.Log.Damage.Count} places, {missing} records). What "
            + "this member has promised is not known, as if its disk was wiped. Nothing was "
            + "changed. Check the disk; then remove this member and add it anew, so that its "
            + "peers give it the data back.";
    }

    void ILogVisitor.Visit(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body) =>
        Recover(header, position, body);

    void ILogVisitor.Released(in LogFloor floor) => Begin(floor);

    void ILogVisitor.Lost(in LostRecords lost) => Lose(lost);

    private bool RecoverKernel(
        in RecordHeader header, LogPosition position, ReadOnlySpan<byte> body)
    {
        if (_unborn is null && _creation.Epoch is EpochDescriptor epoch)
            _unborn = NewKernel(epoch);
        if (_unborn is not null)
            return _unborn.Recover(header.Number, body);

        LookForCreation();
        return Refusal is not null
            ? true
            : throw Unreadable(header, position, "the descriptor of its epoch is not before it");
    }

    // What was lost before the kernel was there concerns it too.
    private IKernel NewKernel(EpochDescriptor epoch)
    {
        IKernel kernel = CreateKernel(epoch);
        foreach (LostRecords lost in _lost ?? [])
            kernel.Lost(lost.From, lost.Through, lost.HidesStatement);
        return kernel;
    }

    private static LogException Unreadable(
        in RecordHeader header, LogPosition position, string why) => new(
        $"Record {header.Number} of {header.Group} at {position} of the log cannot be used: {why}. "
        + "Nothing was changed; keep the directory and use the version that wrote it.");
}
