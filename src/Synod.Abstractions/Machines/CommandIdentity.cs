namespace Synod.Abstractions;

/// <summary>Which command this is, however often it is sent (safety §6).</summary>
/// <param name="Session">Whose command it is.</param>
/// <param name="Sequence">Its number in the session, from 1.</param>
/// <param name="Previous">The session's command before it on the same key, that it follows; zero if
/// it is the first.</param>
public readonly record struct CommandIdentity(SessionId Session, long Sequence, long Previous)
{
    /// <summary>As in <c>s0/00c0ffee00c0ffee#3</c>.</summary>
    public override string ToString() => $"{Session}#{Sequence}";
}
