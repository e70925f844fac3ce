namespace Synod.Hosting;

/// <summary>The rules of the write-once store that the code carries out and the tests
/// show.</summary>
public static class StoreRules
{
    /// <summary>Owners.</summary>
    public const string OwnerAfterValue =
        "Synod safety §6: what a value lives with is looked at after the value, by a read and by a "
        + "put";

    /// <summary>Ends.</summary>
    public const string EndedBeforeTold =
        "Synod safety §6: a life that is over is ended by a command that names its generation, and "
        + "only then is anybody told";

    /// <summary>Time.</summary>
    public const string ClocksOfMajority =
        "Synod safety §6: an absolute time has passed when it has by the clocks of a majority, and "
        + "the end is void where the life was renewed meanwhile";
}
