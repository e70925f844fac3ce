using System.Net;

namespace Synod.Transport;

/// <summary>Tells the operator of refusals: of one kind from one machine once a minute, however
/// often the other end tries. Safe for use from several threads.</summary>
internal sealed class RefusalNotices(ITransportEvents? events, TimeProvider time)
{
    private const int KindsMax = 1000;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(RefusalCode, IPAddress?), long> _told = [];

    /// <summary>Someone was refused.</summary>
    public void Tell(in Refusal refusal, EndPoint? from)
    {
        if (events is not null && IsNews(refusal.Code, (from as IPEndPoint)?.Address))
            events.Noticed(new(NoticeKind.Refused, Peer: null, refusal.Text));
    }

    private bool IsNews(RefusalCode code, IPAddress? machine)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (_told.TryGetValue((code, machine), out long last)
                && time.GetElapsedTime(last, now) < Silence)
            {
                return false;
            }

            if (_told.Count >= KindsMax)
                _told.Clear();
            _told[(code, machine)] = now;
            return true;
        }
    }
}
