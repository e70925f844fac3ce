using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.Simulation;

/// <content>When it takes a turn, and how long that lasts.</content>
internal sealed partial class SimulatedNode
{
    private static readonly TimeSpan TurnTime = TimeSpan.FromMicroseconds(40);

    private Instant _busyUntil;
    private bool _isTurnDue;

    // A turn wakes itself now and then, before it is known how long it takes.
    private bool IsBusy => _busyUntil > _world.Now;

    /// <summary>What each look at its clock within a turn takes, at most.</summary>
    public TimeSpan LookTakesMax { get; set; }

    // A turn takes a moment, in which more comes in; the next one takes all of that.
    private void Signal()
    {
        if (_isTurnDue || IsPaused || !IsRunning)
            return;

        _isTurnDue = true;
        int boot = Boots;
        TimeSpan busy = IsBusy ? _busyUntil - _world.Now : TimeSpan.Zero;
        _world.Schedule.After(busy + _random.Below(TurnTime), () =>
        {
            if (boot != Boots || !IsRunning)
                return;

            _isTurnDue = false;
            if (IsBusy)
                Signal();
            else if (!IsPaused)
                Guard(Turn);
            CloseIfRetired();
        });
    }

    // The first look says when the turn begins. What it does happens at that moment for the others,
    // as if it had done it at once and stood still afterwards.
    private Instant Turn()
    {
        Instant begun = Clock.Now;
        TimeSpan spent = TimeSpan.Zero;
        bool hasBegun = false;
        try
        {
            Instant next = _shard?.Turn(() =>
            {
                if (hasBegun && LookTakesMax > TimeSpan.Zero)
                    spent += _random.Below(LookTakesMax);
                hasBegun = true;
                return begun + spent;
            }) ?? Instant.Never;
            if (spent > TimeSpan.Zero && next <= begun)
                _world.Count("a starved turn left something to the next one");
            return next;
        }
        finally
        {
            _busyUntil = Clock.TrueTimeOf(begun + spent);
        }
    }

    private void Guard(Func<Instant> turn)
    {
        try
        {
            _alarm.Set(Clock.TrueTimeOf(turn()));
        }
        catch (SimulatedCrashException crash) when (crash.IsInPlace)
        {
            _world.Count(nameof(FaultKind.RestartAtEffect));

            // Whichever it was in, naming any is right.
            BeginNewLife(Audit.Groups.First().Group);
        }
        catch (SimulatedCrashException)
        {
            _world.Count(nameof(FaultKind.CrashAtEffect));
            EndByItself("in the middle of a turn");
        }
        catch (LogException failure) when (Disk.HasFailed || Disk.IsFull || Disk.IsDamaged)
        {
            EndByItself(failure.Message);
        }
    }
}
