namespace Synod.TestKit;

/// <summary>What can be done to the storage of a log under test. Cases that need what it does not
/// have are skipped, and the report says so.</summary>
[Flags]
public enum LogAbilities
{
    /// <summary>It can be opened once and closed.</summary>
    None = 0,

    /// <summary>It is opened again after <see cref="LogStorage.Kill"/> and after closing.</summary>
    Reopens = 1,

    /// <summary><see cref="LogStorage.CutPower"/>.</summary>
    LosesPower = 2,

    /// <summary><see cref="LogStorage.FailNext"/> with <see cref="LogFault.Write"/>.</summary>
    FailsWrites = 4,

    /// <summary><see cref="LogStorage.FailNext"/> with <see cref="LogFault.Flush"/>.</summary>
    FailsFlushes = 8,

    /// <summary><see cref="LogStorage.Damage"/>.</summary>
    IsDamaged = 16,

    /// <summary>A second opening beside the first is refused.</summary>
    IsExclusive = 32,

    /// <summary>It is full after at most 64 MiB, by its own capacity.</summary>
    FillsUp = 64,

    /// <summary><see cref="LogStorage.Fill"/>.</summary>
    HasRoomAgain = 128,

    /// <summary>Room that was released is used again, or given back, at latest when 8 MiB of
    /// records were.</summary>
    Releases = 256,
}
