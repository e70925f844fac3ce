using Synod.Abstractions;

namespace Synod.Hosting;

/// <summary>Gives a life more time, if it is the present one and has an end by the clock. The
/// result is the state of the key.</summary>
/// <param name="Generation">Which life.</param>
/// <param name="Until">Its new end, in milliseconds since 1970; an earlier one changes
/// nothing.</param>
public sealed record RenewKey(Generation Generation, long Until) : ICommand<WriteOnceEntry>;
