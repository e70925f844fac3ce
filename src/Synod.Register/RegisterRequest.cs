using Synod.Kernel;

namespace Synod.Register;

/// <summary>A command that waits for a ballot.</summary>
/// <param name="Id">Who waits.</param>
/// <param name="MayHappen">Whether it was proposed in a ballot, so that others may finish
/// it.</param>
internal readonly record struct RegisterRequest(RequestId Id, bool MayHappen);
