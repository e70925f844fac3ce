using Synod.Abstractions;

namespace Synod.Processes.Tests;

/// <summary>Asks for the best score.</summary>
internal sealed record Best : IQuery<long>;
