namespace Synod.TestKit;

/// <summary>What a <see cref="HistoryValue"/> holds.</summary>
public enum HistoryKind
{
    /// <summary>Nothing: the default.</summary>
    Null,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A whole number of 64 bits.</summary>
    Number,

    /// <summary>A string.</summary>
    Text,

    /// <summary>Values in an order.</summary>
    List,

    /// <summary>Values by name.</summary>
    Map,
}
