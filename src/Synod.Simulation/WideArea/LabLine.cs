using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>One direction of a connection between two sites: what leaves first arrives first, and
/// what is lost is sent again and holds up what is behind it.</summary>
internal sealed class LabLine
{
    private const int Parts = 1_000_000;
    private static readonly TimeSpan ResentMin = TimeSpan.FromMilliseconds(200);

    private readonly Schedule _schedule;
    private readonly SeededRandom _random;
    private readonly TimeSpan _oneWay;
    private readonly TimeSpan _resent;
    private readonly TimeSpan _jitter;
    private readonly long _lost;
    private Instant _last;

    public LabLine(LabWorld world, (int From, int To) sites, long number)
    {
        TimeSpan roundTrip = world.RoundTrips.Between(sites.From, sites.To);
        _schedule = world.Schedule;
        _random = world.RandomOf(LabStream.Line, number);
        _oneWay = roundTrip / 2;
        _resent = ResentMin + roundTrip;
        _jitter = world.Options.Jitter;
        _lost = (long)(world.Options.LossPercent / 100 * Parts);
    }

    /// <summary>A message leaves.</summary>
    public void Send(Action arrives)
    {
        Instant due = _schedule.Now + _oneWay;
        if (_jitter > TimeSpan.Zero)
            due += _random.Below(_jitter);
        while (_lost > 0 && _random.Chance(_lost, Parts))
            due += _resent;
        _last = due > _last ? due : _last;
        _schedule.At(_last, arrives);
    }
}
