using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What a <see cref="KeyBucket"/> says of its keys to those who learn it, one after the
/// other: not the tables of their sessions, which stay where they are decided about. Nothing is
/// copied, since every replica learns of every command.</summary>
internal ref struct LearnedKeys
{
    private FrameReader _reader;
    private int _left;

    public LearnedKeys(ReadOnlySpan<byte> bytes)
    {
        _reader = new FrameReader(bytes);
        _left = bytes.IsEmpty ? 0 : KeyBucket.ReadCount(ref _reader);
    }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>How many commands were applied on it.</summary>
    public long Commands { get; private set; }

    /// <summary>How often its state has become another.</summary>
    public long Version { get; private set; }

    /// <summary>The state.</summary>
    public ReadOnlySpan<byte> State { get; private set; }

    /// <summary>Goes on to the next key; false behind the last.</summary>
    /// <exception cref="FormatException">The bytes are no bucket of this version.</exception>
    public bool MoveNext()
    {
        if (_left == 0)
            return _reader.IsComplete ? false : throw KeyBucket.OfAnotherFormat();

        _left--;
        Key = _reader.ReadSized();
        Commands = _reader.ReadCount();
        Version = _reader.ReadCount();
        State = _reader.ReadSized();
        KeyEntry.SkipSessions(ref _reader);
        return _reader.IsValid ? true : throw KeyBucket.OfAnotherFormat();
    }
}
