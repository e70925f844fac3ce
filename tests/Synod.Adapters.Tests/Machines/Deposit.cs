using Synod.Abstractions;

namespace Synod.Adapters.Tests.Machines;

internal sealed record Deposit(string Account, long Amount) : ICommand<long>;
