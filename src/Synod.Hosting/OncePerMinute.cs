namespace Synod.Hosting;

/// <summary>Decides what is news: the same thing once a minute, however often it happens, so that
/// nobody fills a log by doing it again and again. Safe for use from several threads.</summary>
internal sealed class OncePerMinute<TKey>(TimeProvider time)
    where TKey : notnull
{
    private const int KeysMax = 1000;
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, (long Told, long Untold)> _keys = [];

    /// <summary>It has happened. True if it is to be told, with how often it was not told since it
    /// was told last.</summary>
    public bool IsNews(TKey key, out long untold)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            bool isKnown = _keys.TryGetValue(key, out (long Told, long Untold) last);
            untold = last.Untold;
            if (isKnown && time.GetElapsedTime(last.Told, now) < Silence)
            {
                _keys[key] = (last.Told, last.Untold + 1);
                return false;
            }

            if (_keys.Count >= KeysMax)
                _keys.Clear();
            _keys[key] = (now, 0);
            return true;
        }
    }
}
