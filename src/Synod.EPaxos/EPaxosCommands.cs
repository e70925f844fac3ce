using Synod.Kernel;

namespace Synod.EPaxos;

/// <summary>Where the bytes of the commands of an instance are: one behind the other in one place,
/// or, where they were proposed, each in a place of its own.</summary>
/// <param name="Together">The place of all.</param>
/// <param name="Apart">The place of each; none if they are together.</param>
internal readonly record struct EPaxosCommands(Payload Together, Payload[]? Apart = null)
{
    /// <summary>How many bytes there are.</summary>
    public int Length => Apart is null ? Together.Length : Apart.Sum(static one => one.Length);

    /// <summary>Whether the handle dies with the step.</summary>
    public bool IsTransient => Apart is null && Together.IsTransient;

    /// <summary>How many places there are.</summary>
    public int Count => Apart?.Length ?? 1;

    /// <summary>The oldest record that holds something of it.</summary>
    public RecordNumber Oldest =>
        Apart is null ? Together.Record : Apart.Min(static one => one.Record);

    public static implicit operator EPaxosCommands(Payload together) => new(together);

    /// <summary>The places, in order.</summary>
    public Payload[] ToArray() => Apart ?? [Together];

    /// <summary>One of the places.</summary>
    public Payload PlaceAt(int place) => Apart is null ? Together : Apart[place];

    /// <summary>One of the commands.</summary>
    /// <param name="place">Which, from 0.</param>
    /// <param name="parts">How many bytes each has; none if it is the only one.</param>
    public Payload At(int place, int[]? parts)
    {
        if (Apart is not null)
            return Apart[place];
        if (parts is null)
            return Together;

        int offset = 0;
        foreach (int length in parts.AsSpan(0, place))
            offset += length;
        return Together.Slice(offset, parts[place]);
    }

    public override string ToString() => string.Join(' ', ToArray());
}
