using Synod.Abstractions;

namespace Synod.Adapters.Tests.Machines;

internal sealed record Balance(string Account) : IQuery<long>;
