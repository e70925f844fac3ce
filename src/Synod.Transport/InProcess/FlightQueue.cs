using Synod.Kernel;

namespace Synod.Transport;

/// <summary>The frames under way in an <see cref="InProcessNetwork"/>, and what its faults do to
/// them. Guarded by the network's lock.</summary>
internal sealed class FlightQueue(ulong seed)
{
    private readonly SeededRandom _random = new(seed);
    private readonly List<Flight> _flights = [];
    private long _delivered;

    /// <summary>What happens to frames that are added from now on.</summary>
    public InProcessFaults Faults { get; set; } = new();

    /// <summary>How many are under way.</summary>
    public int Count => _flights.Count;

    /// <summary>Adds a frame: once, twice or not at all.</summary>
    public void Add(Lane lane, byte[] frame)
    {
        if (lane.IsClosed || (lane.HasFaults && _random.Chance(Faults.DropPerMille, 1000)))
            return;

        if (!lane.HasFaults)
        {
            _flights.Add(new(lane, frame, _delivered));
            return;
        }

        _flights.Add(new(lane, frame, NextDue()));
        if (_random.Chance(Faults.DuplicatePerMille, 1000))
            _flights.Add(new(lane, frame, NextDue()));
    }

    /// <summary>Takes the next frame whose receiver is free: the oldest that is due, or else the
    /// one that is due first.</summary>
    public Flight? Take()
    {
        int next = -1;
        for (int index = 0; index < _flights.Count; index++)
        {
            if (_flights[index].Lane.IsBusy)
                continue;

            if (next < 0 || DueAfter(_flights[index]) < DueAfter(_flights[next]))
                next = index;
            if (DueAfter(_flights[next]) == 0)
                break;
        }

        if (next < 0)
            return null;

        Flight flight = _flights[next];
        _flights.RemoveAt(next);
        _delivered++;
        return flight;
    }

    /// <summary>Loses what is under way on the lane, and all that follows.</summary>
    public void Close(Lane lane)
    {
        lane.IsClosed = true;
        _flights.RemoveAll(flight => flight.Lane == lane);
    }

    private long DueAfter(Flight flight) => Math.Max(0, flight.Due - _delivered);

    private long NextDue() => _random.Chance(Faults.DelayPerMille, 1000)
        ? _delivered + 1 + _random.Below(Math.Max(1, Faults.DelayDeliveriesMax))
        : _delivered;
}
