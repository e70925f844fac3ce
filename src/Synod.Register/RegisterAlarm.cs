namespace Synod.Register;

/// <summary>What is to be looked at again: the proposer of a key, or a read.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ticket">The question of the read; zero for a proposer.</param>
internal readonly record struct RegisterAlarm(ulong Key, long Ticket)
{
    /// <summary>What others know is to be compared.</summary>
    public static RegisterAlarm Comparison => new(0, -1);

    /// <summary>What was accepted is to be looked into.</summary>
    public static RegisterAlarm OpenKeys => new(0, -2);

    /// <summary>Who was not heard of is to be told again.</summary>
    public static RegisterAlarm Spreading => new(0, -3);

    /// <summary>What a lost member has told others only is to be asked for.</summary>
    public static RegisterAlarm Loss => new(0, -4);
}
