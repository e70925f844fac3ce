using Synod.Abstractions;

namespace Synod.Adapters.Tests.Machines;

internal sealed record Move(string From, string To, long Amount) : ICommand<bool>;
