using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Hears, as bytes, what happens in a group while this node leads it. Called by the thread
/// of the shard; must not block or throw. Bytes are valid during the call.</summary>
public interface IGroupHook
{
    /// <summary>A command was applied, for the first time in this life.</summary>
    void Committed(
        in Envelope command, ReadOnlySpan<byte> result, bool isRefused, bool isRestored);

    /// <summary>A linearizable query was answered. Its bytes are the sized key and the
    /// query.</summary>
    void Answered(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, bool isRefused);

    /// <summary>The node has become the leader.</summary>
    void Elected(EpochId epoch, long term);

    /// <summary>The node leads and has applied all that its log held at the start.</summary>
    void Restored(EpochId epoch, long term);
}
