using Synod.Kernel;

namespace Synod.Register;

/// <summary>The keys of a member in the order of the oldest record that each of them needs. From
/// the first of these on its own records are its table: the checkpoint and what came after
/// it.</summary>
internal sealed class RegisterAges
{
    // What a record takes beside a state, about.
    private const int RecordBytes = 64;

    private RegisterKey? _newest;

    /// <summary>The key that needs the oldest record; null if no key has one.</summary>
    public RegisterKey? Oldest { get; private set; }

    /// <summary>How many bytes of records were written, from the first that was recovered
    /// on.</summary>
    public long Written { get; private set; }

    /// <summary>How many bytes of them the keys need.</summary>
    public long Live { get; private set; }

    /// <summary>How many bytes there are from the oldest that is needed on.</summary>
    public long Span => Oldest is null ? 0 : Written - Oldest.Place;

    /// <summary>A record was written on which no key rests alone.</summary>
    public void Wrote() => Written += RecordBytes;

    /// <summary>A record was written that says all of a key: none that is older is needed for
    /// it.</summary>
    public void Renewed(RegisterKey key, RecordNumber record)
    {
        Remove(key);
        key.Older = _newest;
        if (_newest is null)
            Oldest = key;
        else
            _newest.Newer = key;
        _newest = key;

        int bytes = RecordBytes + key.State.Length;
        Live += bytes - key.LiveBytes;
        (key.First, key.Place, key.LiveBytes) = (record, Written, bytes);
        Written += bytes;
    }

    private void Remove(RegisterKey key)
    {
        if (Oldest == key)
            Oldest = key.Newer;
        if (_newest == key)
            _newest = key.Older;
        key.Older?.Newer = key.Newer;
        key.Newer?.Older = key.Older;
        (key.Older, key.Newer) = (null, null);
    }
}
