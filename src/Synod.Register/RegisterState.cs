using System.Diagnostics.CodeAnalysis;
using Synod.Kernel;

namespace Synod.Register;

/// <summary>The durable state of a member: the small part, and its acceptor for each key. A record
/// and a live handler change it by the same code. Keys are kept in parts, so that two members find
/// out in which parts they differ.</summary>
internal sealed class RegisterState
{
    /// <summary>How many parts there are.</summary>
    public const int Parts = 256;

    private readonly Dictionary<ulong, RegisterKey>?[] _keys =
        new Dictionary<ulong, RegisterKey>?[Parts];

    private readonly ulong[] _chosen = new ulong[Parts];
    private readonly RegisterAges _ages = new();

    /// <summary>Up to here own rounds may have been used, of whichever key.</summary>
    public long Rounds { get; private set; }

    /// <summary>Whether it may have forgotten a promise.</summary>
    public bool IsVoiceless { get; private set; }

    /// <summary>Which of its records it needs.</summary>
    public RegisterAges Ages => _ages;

    /// <summary>For each part a sum over what is known to be chosen.</summary>
    public ReadOnlySpan<ulong> Chosen => _chosen;

    public bool TryGet(ulong key, [NotNullWhen(true)] out RegisterKey? held)
    {
        held = null;
        return _keys[PartOf(key)]?.TryGetValue(key, out held) ?? false;
    }

    /// <summary>Made if it is not there; it holds nothing then.</summary>
    public RegisterKey GetOrAdd(ulong key)
    {
        Dictionary<ulong, RegisterKey> part = _keys[PartOf(key)] ??= [];
        if (!part.TryGetValue(key, out RegisterKey? held))
            part[key] = held = new RegisterKey(key);
        return held;
    }

    /// <summary>In ascending order; for what looks at everything.</summary>
    public IEnumerable<(ulong Key, RegisterKey Held)> All() =>
        Enumerable.Range(0, Parts).SelectMany(Of);

    /// <summary>The keys of one part, in ascending order.</summary>
    public IEnumerable<(ulong Key, RegisterKey Held)> Of(int part) =>
        (_keys[part] ?? []).OrderBy(static pair => pair.Key)
            .Select(static pair => (pair.Key, pair.Value));

    /// <summary>A ballot is known to have chosen a state.</summary>
    public void Choose(ulong key, RegisterKey held, Ballot ballot)
    {
        if (ballot <= held.ChosenIn)
            return;

        ref ulong sum = ref _chosen[PartOf(key)];
        sum = unchecked(sum - Hash(key, held.ChosenIn) + Hash(key, ballot));
        held.ChosenIn = ballot;
    }

    public void Take(in StateRecord record)
    {
        _ages.Wrote();
        Rounds = Math.Max(Rounds, record.Rounds);
        IsVoiceless |= record.IsVoiceless;
    }

    // Before anything is accepted the newest promise is all there is.
    public void Take(in PromisedRecord record, RecordNumber number)
    {
        RegisterKey held = GetOrAdd(record.Key);
        held.Promise(record.Ballot, number);
        if (held.AcceptedIn == Ballot.Zero)
            _ages.Renewed(held, number);
        else
            _ages.Wrote();
    }

    // Nothing that was promised or accepted before says more.
    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Take(in AcceptedRecord record, RecordNumber number)
    {
        RegisterKey held = GetOrAdd(record.Key);
        held.Accept(record.Ballot, record.State, number);
        _ages.Renewed(held, number);
    }

    [Rule(RegisterRules.TableIsItsNewestRecords)]
    public void Take(in KeyRecord record, RecordNumber number)
    {
        RegisterKey held = GetOrAdd(record.Key);
        held.Restore(record, number);
        _ages.Renewed(held, number);
        if (record.IsChosen)
            Choose(record.Key, held, record.AcceptedIn);
    }

    public void Take(in ChosenRecord record)
    {
        _ages.Wrote();
        RegisterKey held = GetOrAdd(record.Key);
        if (held.AcceptedIn == record.Ballot)
            Choose(record.Key, held, record.Ballot);
    }

    public void Digest(ref StateHash hash)
    {
        hash.Add(Rounds);
        hash.Add(IsVoiceless ? 1 : 0);
        foreach ((ulong key, RegisterKey held) in All())
        {
            // Looked at and nothing promised yet.
            if (held.Promised == Ballot.Zero)
                continue;

            hash.Add(unchecked((long)key));
            held.Digest(ref hash);
        }
    }

    private static int PartOf(ulong key) => (int)(key >> 56);

    private static ulong Hash(ulong key, Ballot ballot) => ballot == Ballot.Zero
        ? 0
        : StableHash.Combine(key, unchecked((ulong)ballot.Number));
}
