namespace Synod.TestKit;

/// <summary>How a search has ended.</summary>
internal enum SearchOutcome
{
    /// <summary>An order was found.</summary>
    Found,

    /// <summary>There is none.</summary>
    Exhausted,

    /// <summary>The budget was spent first.</summary>
    Undecided,
}
