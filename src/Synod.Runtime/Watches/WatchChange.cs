namespace Synod.Runtime;

/// <summary>A state of a key, as all who watch it with one query are told of it.</summary>
/// <param name="Version">How often the state had changed.</param>
/// <param name="Answer">What the machine answers, or refused with the reason.</param>
internal readonly record struct WatchChange(long Version, CommandResult Answer)
{
    /// <summary>What it costs while it waits, and to tell it once.</summary>
    public long Weight => WatchNews.Weight(Answer.Bytes.Length);
}
