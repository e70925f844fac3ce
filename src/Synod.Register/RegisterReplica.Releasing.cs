using Synod.Kernel;

namespace Synod.Register;

/// <summary>The own records, from the oldest that a key needs on, are the table and its checkpoint.
/// So that the log does not grow for ever, the keys that have not changed for longest are written
/// anew, some of them in each turn, and what is older than all is released.</summary>
internal sealed partial class RegisterReplica
{
    private const int RewrittenBytesMin = 64 << 10;
    private const int ReleasesPerBound = 8;

    private RecordNumber _rewriteBefore;
    private long _rewritten;
    private long _releasedPlace;

    private bool HasToRewrite => _pressure != StoragePressure.Full
        && _state.Ages.Oldest is RegisterKey oldest
        && (oldest.First < _rewriteBefore || _state.Ages.Span > SpanMax);

    // Each release costs the log a little.
    private long ReleasedMin => _pressure == StoragePressure.None
        ? _options.KeptBytes / ReleasesPerBound
        : Math.Min(RewrittenBytesMin, _options.KeptBytes / ReleasesPerBound);

    // Where the disk is filling up, as much as there is to win is won.
    private long SpanMax => _pressure == StoragePressure.None
        ? (2 * _state.Ages.Live) + _options.KeptBytes
        : _state.Ages.Live + (_state.Ages.Live / 4) + RewrittenBytesMin;

    // A statement that is newer than all: without any key there is a record to begin with. Who asks
    // again before the last one is done would put off its end, and for a large table for ever.
    public void Checkpoint(in Turn turn, Outbox outbox)
    {
        if (_pressure == StoragePressure.Full || _rewriteBefore != default)
            return;

        StateRecord state = new(_state.Rounds, _state.IsVoiceless);
        _rewriteBefore = outbox.PersistStatement(state);
        _state.Take(state);
    }

    // As much as was written since, and more: the begin moves faster than the end.
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    private void RewriteOld(Outbox outbox)
    {
        RegisterAges ages = _state.Ages;
        long end = ages.Written + RewrittenBytesMin + (2 * (ages.Written - _rewritten));
        while (HasToRewrite && ages.Written < end && ages.Oldest is RegisterKey oldest)
        {
            KeyRecord record = new()
            {
                Key = oldest.Key,
                Promised = oldest.Promised,
                AcceptedIn = oldest.AcceptedIn,
                IsChosen = oldest.IsChosen,
                State = oldest.State,
            };
            _state.Take(record, outbox.Persist(record));
        }

        _rewritten = ages.Written;
        ReleaseOld(outbox);
    }

    [Rule(RegisterRules.TableIsItsNewestRecords)]
    private void ReleaseOld(Outbox outbox)
    {
        RegisterKey? oldest = _state.Ages.Oldest;
        bool isAsked = _rewriteBefore != default
            && (oldest is null || oldest.First >= _rewriteBefore);
        long place = oldest?.Place ?? _releasedPlace;
        if (!isAsked && place - _releasedPlace <= ReleasedMin)
            return;

        outbox.Release(oldest?.First ?? _rewriteBefore);
        _releasedPlace = place;
        if (isAsked)
            _rewriteBefore = default;
    }
}
