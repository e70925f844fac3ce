using Synod.Kernel;

namespace Synod.Register;

/// <summary>Checks over the states of all members of a group. Run now and then by
/// <see cref="RegisterAudit"/>: it looks at everything.</summary>
internal static class RegisterInvariants
{
    /// <summary>Throws if a property does not hold.</summary>
    public static void Check(IReadOnlyList<RegisterReplica> members)
    {
        foreach (RegisterReplica member in members)
        {
            foreach ((ulong key, RegisterKey held) in member.State.All())
                Check(member, key, held);
        }
    }

    [Rule(RegisterRules.PromiseIsMonotone)]
    [Rule(RegisterRules.AcceptPromisesNext)]
    [Rule(RegisterRules.RoundsAreReserved)]
    private static void Check(RegisterReplica member, ulong key, RegisterKey held)
    {
        Ballot next = held.AcceptedIn == Ballot.Zero
            ? Ballot.Zero
            : held.AcceptedIn.NextOf(held.AcceptedIn.Proposer);
        Invariant.Holds(
            next <= held.Promised,
            RegisterRules.AcceptPromisesNext,
            $"{member.Self} has k{key:x} {held}");
        Invariant.Holds(
            held.Held == Ballot.Zero || held.Held == held.Promised,
            RegisterRules.AcceptPromisesNext,
            $"{member.Self} would propose in {held.Held} where it has k{key:x} {held}");
        Invariant.Holds(
            member.RoundAt(key) is not { Stage: RegisterStage.Accepting } round
                || round.Ballot.Round <= member.State.Rounds,
            RegisterRules.RoundsAreReserved,
            $"{member.Self} proposes beyond round {member.State.Rounds} of k{key:x}");
    }
}
