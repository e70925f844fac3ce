using Synod.Kernel;

namespace Synod.Runtime;

/// <content>Where more members are down than any protocol tolerates, that is known at once, and no
/// kernel is asked for what cannot be (safety §6).</content>
internal sealed partial class Replica
{
    private MemberSet _connected;

    // Whoever follows a leader that is connected may be passed on to a majority; without one, all
    // that is certain is that nothing can be ordered here.
    private bool LacksQuorum
    {
        get
        {
            int members = _epoch?.Members.Count ?? 0;
            if (2 * (_connected.Count + 1) > members)
                return false;

            return _kernel?.Status.Leader is not Member leader || !_connected.Contains(leader);
        }
    }

    // A leader may hold a lease by which it reads alone; what it cannot read its kernel refuses.
    private bool CannotServe(RequestKind kind) => LacksQuorum && kind switch
    {
        RequestKind.Command or RequestKind.StepwiseCommand => true,
        RequestKind.Query or RequestKind.NearQuery => !IsLeading,
        _ => false,
    };

    private void Connect(Member member)
    {
        _connected = _connected.With(member);
        CountConnected();
    }

    private void Disconnect(Member member)
    {
        _connected = _connected.Without(member);
        CountConnected();
    }

    private void CountConnected()
    {
        Counters.Members = _epoch?.Members.Count ?? 0;
        Counters.ConnectedMembers = _connected.Count + 1;
    }
}
