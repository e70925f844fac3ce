namespace Synod.Transport;

/// <summary>What came of dialling: an established connection, or why there is none.</summary>
internal readonly record struct Dialled
{
    /// <summary>The connection, or null.</summary>
    public Connection? Connection { get; init; }

    /// <summary>Who has accepted.</summary>
    public Welcome Welcome { get; init; }

    /// <summary>How long the handshake took.</summary>
    public TimeSpan RoundTrip { get; init; }

    /// <summary>Why there is none.</summary>
    public Refusal Refusal { get; init; }

    /// <summary>Nobody has refused; it failed.</summary>
    public static Dialled Failed(string reason) =>
        new() { Refusal = new(RefusalCode.None, reason) };

    /// <summary>Someone has refused: they us, or we them.</summary>
    public static Dialled Refused(in Refusal refusal) => new() { Refusal = refusal };
}
