namespace Synod.Register;

/// <summary>What an entry of a frame or a record is. Never renumber.</summary>
internal enum RegisterKind : byte
{
    Prepare = 1,
    Promise = 2,
    Accept = 3,
    Accepted = 4,
    Refused = 5,
    Chosen = 6,
    Query = 7,
    Answer = 8,
    Compare = 9,
    Listing = 10,
    StateRecord = 64,
    PromisedRecord = 65,
    AcceptedRecord = 66,
    ChosenRecord = 67,
    KeyRecord = 68,
}
