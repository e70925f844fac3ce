namespace Synod.Kernel;

/// <summary>What a kernel knows beyond its <see cref="KernelStatus"/>, for people; taken only when
/// somebody asks.</summary>
/// <param name="Durable">Up to where its log is durable here.</param>
/// <param name="FirstKept">The oldest position that its log still has; one past the last if it has
/// none.</param>
/// <param name="Snapshot">The position that its newest snapshot reaches; zero while there is
/// none.</param>
/// <param name="Unresponsive">The members that have not answered for an election timeout or longer;
/// null where nobody counts, as on a member that does not lead.</param>
public readonly record struct KernelSurvey(
    long Durable, long FirstKept, long Snapshot, MemberSet? Unresponsive);
