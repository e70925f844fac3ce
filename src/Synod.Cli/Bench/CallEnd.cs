namespace Synod.Cli.Bench;

/// <summary>How a call of a bench ended.</summary>
internal enum CallEnd
{
    /// <summary>With success.</summary>
    Done,

    /// <summary>Refused, since too much was waiting.</summary>
    Overloaded,

    /// <summary>Otherwise.</summary>
    Failed,
}
