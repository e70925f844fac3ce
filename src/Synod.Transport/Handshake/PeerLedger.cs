using Synod.Kernel;

namespace Synod.Transport;

/// <summary>What is known of the processes that say they are one peer, from both directions: which
/// one is alive, and the highest boot of each incarnation since this process began. (Safety §5.9
/// wants it durable; that comes with re-admission.) Safe for use from several threads.</summary>
internal sealed class PeerLedger(NodeId peer)
{
    // A peer has one incarnation, and a few more in a lifetime. Beyond that someone plays tricks.
    private const int IncarnationsMax = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Incarnation, (Claim Claim, string Address)> _highest = [];
    private readonly List<PeerConnection> _living = [];

    /// <summary>Takes a connection of the peer into the book and closes those that it replaces: all
    /// of an earlier boot, and the earlier one in the same direction. Or says why not.</summary>
    public Refusal? Admit(PeerConnection entry)
    {
        List<PeerConnection> replaced;
        lock (_gate)
        {
            if (Judge(entry) is { } refusal)
                return refusal;

            if (_highest.Count >= IncarnationsMax)
                _highest.Clear();
            _highest[entry.Claim.Identity.Member.Incarnation] = (entry.Claim, entry.Address);
            replaced = _living.FindAll(old =>
                old.Claim != entry.Claim || old.IsInbound == entry.IsInbound);
            _living.Add(entry);
        }

        foreach (PeerConnection old in replaced)
            old.Connection.Close($"a newer connection of {entry.Claim.Identity} replaces it");
        return null;
    }

    /// <summary>The connection is closed.</summary>
    public void Leave(PeerConnection entry)
    {
        lock (_gate)
            _living.Remove(entry);
    }

    private Refusal? Judge(PeerConnection entry)
    {
        (Claim claim, string address) = (entry.Claim, entry.Address);
        MemberIdentity member = claim.Identity.Member;
        if (_living.Find(old => old.Claim.Identity.Member != member) is { } other)
        {
            return new(
                RefusalCode.SameIdentity,
                $"two processes are {peer}: {other.Claim.Identity} at {other.Address} is alive, "
                + $"and {address} says it is {claim.Identity}; stop one of them, or give it a "
                + "node id of its own");
        }

        if (!_highest.TryGetValue(member.Incarnation, out (Claim Claim, string Address) seen))
            return null;

        int order = claim.Identity.Boot.Number.CompareTo(seen.Claim.Identity.Boot.Number);
        if (order < 0)
        {
            return new(
                RefusalCode.LowerBoot,
                $"{address} says it is {claim.Identity}, but {seen.Claim.Identity.Boot} was seen "
                + $"already at {seen.Address}: its disk was rolled back, or it is a stale "
                + "duplicate; stop it, and start it with an empty data directory if there is no "
                + $"other {peer}");
        }

        // A start counts the boot up, so two processes of one boot have two copies of one disk.
        return order > 0 || claim == seen.Claim ? null : new(
            RefusalCode.SameIdentity,
            $"two processes are {claim.Identity}: {seen.Address} and {address} run on copies of "
            + "one data directory; stop one of them and empty its copy");
    }
}
