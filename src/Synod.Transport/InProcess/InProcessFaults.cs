namespace Synod.Transport;

/// <summary>What an <see cref="InProcessNetwork"/> does to frames between nodes, by its seed. The
/// default does nothing. Clients' frames are left alone, as TCP would.</summary>
public sealed record InProcessFaults
{
    /// <summary>Of a thousand frames so many are lost.</summary>
    public int DropPerMille { get; init; }

    /// <summary>Of a thousand frames so many arrive twice.</summary>
    public int DuplicatePerMille { get; init; }

    /// <summary>Of a thousand frames so many are overtaken by others.</summary>
    public int DelayPerMille { get; init; }

    /// <summary>A delayed frame is overtaken by up to so many deliveries.</summary>
    public int DelayDeliveriesMax { get; init; } = 10;
}
