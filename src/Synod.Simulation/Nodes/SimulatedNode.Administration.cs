using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <content>What those who run the cluster ask of a node.</content>
internal sealed partial class SimulatedNode
{
    /// <summary>The connection on which it is told what to do.</summary>
    public static readonly ConnectionId Administrator = new(-2, ClientRole.Admin);

    private static readonly TimeSpan RetiresWithin = TimeSpan.FromMilliseconds(700);

    private Action? _retired;

    /// <summary>Whether it runs and its log has hardly room left.</summary>
    public bool IsFull => _log?.Pressure == StoragePressure.Full;

    /// <summary>Whether it was told to stop and has not.</summary>
    public bool IsRetiring => _retired is not null;

    /// <summary>Asks it to move the leadership of its groups.</summary>
    public void Order(TransferRequest request)
    {
        foreach (NodeAudit audit in Audit.Groups)
        {
            FrameBuffer frame = new();
            new RequestHead(1, audit.Group, RequestKind.Transfer).WriteTo(frame);
            request.WriteTo(frame);
            ClientFrame(Administrator, frame.Written.ToArray());
        }
    }

    /// <summary>It has answered the administrator.</summary>
    public void Ordered(byte[] frame)
    {
        FrameReader reader = new(frame);
        if (ResponseHead.ReadFrom(ref reader).Kind != ResponseKind.Applied)
            return;

        _world.Count(nameof(FaultKind.Transfer));
        _world.Count($"a transfer ended {TransferAnswer.ReadFrom(ref reader).Outcome}");
    }

    /// <summary>The machine of a replica loses its state, and the replica goes on. False if it has
    /// none to lose.</summary>
    public bool CrashMachine(GroupId group)
    {
        bool isDone = false;
        Guard(() =>
        {
            isDone = _shard?.RestartMachine(group) == true;
            return Clock.Now;
        });
        if (isDone)
            Audit[group].MachineBegan();
        Signal();
        return isDone;
    }

    /// <summary>Tells it to stop. It may take its time, up to a bound.</summary>
    public void Retire(Action ended)
    {
        _retired = ended;
        Guard(() =>
        {
            _shard?.Retire(Clock.Now);
            return Clock.Now;
        });
        CloseLater(ended);
    }

    private void CloseLater(Action ended) => _world.Schedule.After(RetiresWithin, () =>
    {
        if (_retired != ended)
            return;

        if (IsPaused)
            CloseLater(ended);
        else
            CloseRetired("was still needed when it closed");
    });

    private void CloseIfRetired()
    {
        if (_retired is not null && _shard is { IsRetired: true })
            CloseRetired("was no longer needed when it closed");
    }

    private void CloseRetired(string how)
    {
        Action? ended = _retired;
        _world.Count(nameof(FaultKind.Retire));
        _world.Count($"a node that was told to stop {how}");
        Close();
        ended?.Invoke();
    }
}
