using Synod.Kernel;

namespace Synod.MultiPaxos;

/// <summary>What acceptors have told of with their promises, for the audit: by ballot, acceptor and
/// slot the ballot of the proposal.</summary>
internal sealed class MultiPaxosReports
{
    private readonly Dictionary<Ballot, Dictionary<(Member, LogIndex), Ballot>> _told = [];

    /// <summary>A page has left.</summary>
    public void Tell(Member acceptor, in Promise page)
    {
        if (!_told.TryGetValue(page.Ballot, out Dictionary<(Member, LogIndex), Ballot>? told))
            _told.Add(page.Ballot, told = []);
        LogIndex slot = page.From;
        foreach (MultiPaxosSlotHead head in page.Slots)
        {
            Ballot before = told.GetValueOrDefault((acceptor, slot));
            if (head.Ballot > before)
                told[(acceptor, slot)] = head.Ballot;
            slot = slot.Next();
        }
    }

    /// <summary>The highest ballot that any of these has told of; zero if none has.</summary>
    public Ballot HighestOf(MemberSet acceptors, LogIndex slot, Ballot promised)
    {
        Ballot highest = Ballot.Zero;
        foreach (Member acceptor in acceptors)
        {
            Ballot told = ToldIn(promised).GetValueOrDefault((acceptor, slot));
            highest = told > highest ? told : highest;
        }

        return highest;
    }

    /// <summary>The highest slot that any of these has told of.</summary>
    public LogIndex LastOf(MemberSet acceptors, Ballot promised)
    {
        LogIndex last = LogIndex.Zero;
        foreach ((Member acceptor, LogIndex slot) in ToldIn(promised).Keys)
        {
            if (acceptors.Contains(acceptor))
                last = LogIndex.Max(last, slot);
        }

        return last;
    }

    /// <summary>The ballot has its leader.</summary>
    public void Forget(Ballot promised) => _told.Remove(promised);

    private Dictionary<(Member, LogIndex), Ballot> ToldIn(Ballot promised) =>
        _told.GetValueOrDefault(promised) ?? [];
}
