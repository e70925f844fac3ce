using System.Runtime.InteropServices;
using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>What is proposed as one instance: commands of clients of this life, in their order, or
/// one read.</summary>
internal sealed class OwnBatch
{
    // Where it is received all of it is one record, which every log has room for.
    private const int BytesMax = 16 << 10;

    private readonly List<OwnRequest> _requests = new(1);
    private int _keys;

    public OwnBatch(OwnRequest first, bool isContested)
    {
        IsContested = isContested;
        Add(first);
    }

    /// <summary>Whether it may have to wait for others.</summary>
    public bool IsContested { get; }

    /// <summary>Whether others may join it: what touches everything, and a read, is
    /// alone.</summary>
    public bool IsShared => CanShare(First);

    /// <summary>Of each what is wanted, and by whom.</summary>
    public IReadOnlyList<OwnRequest> Requests => _requests;

    /// <summary>How many bytes the commands have.</summary>
    public int Length { get; private set; }

    private EPaxosValue First => _requests[0].Value;

    /// <summary>What all of it is, for the others.</summary>
    public EPaxosValue ToValue() => _requests.Count == 1
        ? First
        : new EPaxosValue(First.Kind, Footprint.Together(Footprints()), Length)
        {
            Parts = [.. _requests.Select(static one => one.Value.Length)],
        };

    /// <summary>Where the commands are.</summary>
    public EPaxosCommands ToCommands() => _requests.Count == 1
        ? _requests[0].Command
        : new EPaxosCommands(default, [.. _requests.Select(static one => one.Command)]);

    /// <summary>Whether one more may share the instance.</summary>
    public bool HasRoom(in OwnRequest own, int most) =>
        _requests.Count < most
        && Length + own.Value.Length <= BytesMax
        && _keys + own.Value.Footprint.Count <= Footprint.TogetherMax
        && IsShared
        && CanShare(own.Value);

    public void Add(OwnRequest own)
    {
        _requests.Add(own);
        Length += own.Value.Length;
        _keys += own.Value.Footprint.Count;
    }

    /// <summary>Its instance has a record.</summary>
    public void MovedTo(in EPaxosCommands commands)
    {
        Span<OwnRequest> all = CollectionsMarshal.AsSpan(_requests);
        if (commands.Apart is null)
            all[0] = all[0] with { Command = commands.Together };
    }

    /// <summary>Whoever waited was told that nothing is known.</summary>
    public void Abandon()
    {
        foreach (ref OwnRequest own in CollectionsMarshal.AsSpan(_requests))
            own = own with { Request = default };
    }

    private static bool CanShare(in EPaxosValue value) =>
        value.Kind == EPaxosValueKind.Command && !value.Footprint.IsUniversal;

    private Footprint[] Footprints() => [.. _requests.Select(static one => one.Value.Footprint)];
}
