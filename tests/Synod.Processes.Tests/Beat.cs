using Synod.Abstractions;

namespace Synod.Processes.Tests;

/// <summary>Offers a score; the result is whether it is the best so far.</summary>
internal sealed record Beat(long Score) : ICommand<bool>;
