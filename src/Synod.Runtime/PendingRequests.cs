using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>The requests of clients that wait for their answer. It takes no memory before the
/// first: most of ten thousand groups are asked nothing.</summary>
internal struct PendingRequests
{
    private Dictionary<long, PendingRequest>? _byTicket;
    private long _last;

    /// <summary>How many there are.</summary>
    public readonly int Count => _byTicket?.Count ?? 0;

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>All of them, the oldest first.</summary>
    public readonly RequestId[] All() =>
        _byTicket is null
        ? []
        : [.. _byTicket.Keys.Order().Select(static ticket => new RequestId(ticket))];

    /// <summary>One more; the number is its own in this life.</summary>
    public RequestId Add(in PendingRequest request)
    {
        _last++;
        (_byTicket ??= []).Add(_last, request);
        Bytes += request.Bytes;
        return new RequestId(_last);
    }

    /// <summary>One that may wait.</summary>
    public readonly bool TryGet(RequestId id, out PendingRequest request)
    {
        request = default;
        return _byTicket is not null && _byTicket.TryGetValue(id.Number, out request);
    }

    /// <summary>Replaces one that waits by another of the same size.</summary>
    public readonly void Set(RequestId id, in PendingRequest request)
    {
        if (_byTicket is not null)
            _byTicket[id.Number] = request;
    }

    /// <summary>One that may wait, and does so no longer.</summary>
    public bool TryTake(RequestId id, out PendingRequest request)
    {
        request = default;
        if (_byTicket is null || !_byTicket.Remove(id.Number, out request))
            return false;

        Bytes -= request.Bytes;
        return true;
    }
}
