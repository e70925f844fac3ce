using Synod.Kernel;
using Synod.Raft;

namespace Synod.Protocols.Tests.Raft;

/// <summary>Looks at everything that a group does, and fails at the first promise that is not
/// kept. It knows the history of all members, over all their lives.</summary>
internal sealed class RequestAudit(RaftMember[] members)
{
    private readonly RaftReplica[] _kernels =
        [.. members.Select(static member => member.Kernel)];

    private readonly View[] _views = [.. members.Select(static _ => new View())];
    private readonly Dictionary<(Member, long), Member> _votes = [];
    private readonly Dictionary<long, Member> _leaders = [];
    private readonly List<(long Term, long CommittedIn)> _committed = [];
    private readonly List<byte[]> _delivered = [];
    private readonly Dictionary<long, Request> _requests = [];
    private readonly HashSet<long> _rejected = [];
    private long _newestRequest;

    /// <summary>How many commands, from the first, have been delivered to someone.</summary>
    public int DeliveredCount => _delivered.Count;

    /// <summary>How many commands, from the first, a client knows to have happened.</summary>
    public int AcknowledgedCount { get; private set; }

    /// <summary>How many reads have been answered.</summary>
    public int ReadCount { get; private set; }

    /// <summary>How many terms had a leader.</summary>
    public int LeaderCount => _leaders.Count;

    /// <summary>How many requests of living members have no end yet.</summary>
    public int OpenCount => _requests.Count;

    public int DeliveredBy(RaftMember member) => ViewOf(member).Delivered;

    public RequestId Proposes(RaftMember member, byte[] command)
    {
        BitConverter.TryWriteBytes(command, ++_newestRequest);
        _requests.Add(_newestRequest, new Request(member, IsRead: false, AcknowledgedCount));
        return new RequestId(_newestRequest);
    }

    public RequestId Reads(RaftMember member)
    {
        _requests.Add(++_newestRequest, new Request(member, IsRead: true, AcknowledgedCount));
        return new RequestId(_newestRequest);
    }

    public void Crashed(RaftMember member)
    {
        foreach ((long number, Request request) in _requests)
        {
            if (request.At == member)
                _requests.Remove(number);
        }
    }

    public void Restarted(RaftMember member)
    {
        _kernels[member.Self.Index] = member.Kernel;
        _views[member.Self.Index] = new View { Term = TermOf(member) };
    }

    /// <summary>After each step of a member.</summary>
    public void Check(RaftMember member)
    {
        View view = ViewOf(member);
        KernelStatus status = member.Kernel.Status;
        if (!view.HasChanged && status.Role == view.Role)
            return;

        Expect(view.Term <= status.Term, "a term went back");
        Expect(view.Commit <= status.Committed, "a commit index went back");
        if (status.Role == KernelRole.Leading && view.Role != KernelRole.Leading)
            CheckNewLeader(member);
        CheckCommitted(member, view.Commit + 1);
        RaftInvariants.Check(_kernels);
        (view.Term, view.Commit, view.Role) = (status.Term, status.Committed, status.Role);
        view.HasChanged = false;
    }

    public void Asked(RaftMember by, in Effect effect)
    {
        ViewOf(by).HasChanged |= effect.Kind is EffectKind.Persist or EffectKind.RoleChanged
            or EffectKind.Deliver;
        Expect(effect.Kind != EffectKind.Violated, $"an honest peer was blamed: {effect.Rule}");
        if (effect.Kind == EffectKind.Reject)
            _rejected.Add(effect.Request.Number);
        if (effect.Request != default)
            End(by, effect);
    }

    /// <summary>Audits what a frame claims against the disk and the past of its sender.</summary>
    public void Leaves(RaftMember from, MemberSet to, byte[] frame)
    {
        FrameReader reader = new(frame);
        RaftKind kind = RaftCodec.ReadHead(ref reader, out Term term);
        if (kind == RaftKind.RequestVote && frame[26] == 0)
            CheckVote(from, term, from.Self);
        else if (kind == RaftKind.VoteReply && frame[10] == 0 && frame[11] == 1)
            CheckVote(from, term, One(to));
        else if (kind == RaftKind.AppendReply && reader.ReadBoolean())
            CheckAcknowledgement(from, term, new LogIndex(reader.ReadCount()));
    }

    public void Delivered(RaftMember at, byte[] command, RequestId request)
    {
        View view = ViewOf(at);
        if (view.Delivered == _delivered.Count)
            _delivered.Add(command);
        Expect(
            command.AsSpan().SequenceEqual(_delivered[view.Delivered]),
            "two members delivered different commands at one place");
        Expect(
            !_rejected.Contains(BitConverter.ToInt64(command)),
            "a rejected command was delivered");
        view.Delivered++;
        if (request != default)
            AcknowledgedCount = Math.Max(AcknowledgedCount, view.Delivered);
    }

    public void ReadRuns(RaftMember at, RequestId request)
    {
        View view = ViewOf(at);
        Expect(view.ReadsWaiting.Remove(request.Number, out int acknowledged), "an unknown read");
        Expect(
            acknowledged <= view.Delivered,
            $"a read saw {view.Delivered} commands of {acknowledged} acknowledged before it");
        ReadCount++;
    }

    public static void Expect(bool condition, string complaint)
    {
        if (!condition)
            Assert.Fail(complaint);
    }

    private void End(RaftMember by, in Effect effect)
    {
        Expect(
            _requests.Remove(effect.Request.Number, out Request? request),
            $"{effect.Request} ended twice, now with {effect.Kind}");
        bool isReadsEnd = effect.Kind is EffectKind.ReadReady or EffectKind.Reject;
        bool isProposalsEnd = effect.Kind != EffectKind.ReadReady;
        Expect(
            request?.At == by && (request.IsRead ? isReadsEnd : isProposalsEnd),
            $"{effect.Request} ended with {effect.Kind}");
        if (effect.Kind == EffectKind.ReadReady && request is not null)
            ViewOf(by).ReadsWaiting.Add(effect.Request.Number, request.Acknowledged);
    }

    private void CheckVote(RaftMember voter, Term term, Member candidate)
    {
        if (!_votes.TryAdd((voter.Self, term.Number), candidate))
        {
            Expect(
                _votes[(voter.Self, term.Number)] == candidate,
                $"{voter.Self} voted twice in {term}");
        }
    }

    private static void CheckAcknowledgement(RaftMember from, Term term, LogIndex index)
    {
        RaftState state = from.Kernel.State;
        if (term != state.CurrentTerm || index == LogIndex.Zero)
            return;

        Expect(
            state.Log[index].Command.Record <= from.Durable,
            $"{from.Self} acknowledged {index} before it was durable");
    }

    private void CheckNewLeader(RaftMember member)
    {
        long term = TermOf(member);
        Expect(_leaders.TryAdd(term, member.Self), $"term {term} had two leaders");
        RaftLog log = member.Kernel.State.Log;
        for (int index = 1; index <= _committed.Count; index++)
        {
            (long entryTerm, long committedIn) = _committed[index - 1];
            if (committedIn < term)
            {
                Expect(
                    index <= log.Last.Number
                        && log.TermAt(new LogIndex(index)).Number == entryTerm,
                    $"the leader of term {term} lacks committed entry {index}");
            }
        }
    }

    private void CheckCommitted(RaftMember member, long first)
    {
        RaftState state = member.Kernel.State;
        for (long index = first; index <= state.Commit.Number; index++)
        {
            long term = state.Log.TermAt(new LogIndex(index)).Number;
            if (index > _committed.Count)
                _committed.Add((term, state.CurrentTerm.Number));
            Expect(
                _committed[(int)index - 1].Term == term,
                $"entry {index} was committed with two terms");
        }
    }

    private View ViewOf(RaftMember member) => _views[member.Self.Index];

    private static long TermOf(RaftMember member) => member.Kernel.State.CurrentTerm.Number;

    private static Member One(MemberSet set)
    {
        MemberSet.Enumerator members = set.GetEnumerator();
        Expect(members.MoveNext() && set.Count == 1, "a vote went to several");
        return members.Current;
    }

    /// <summary>What was last seen of a member in this life.</summary>
    private sealed class View
    {
        public long Term { get; set; }

        public long Commit { get; set; }

        public KernelRole Role { get; set; }

        public int Delivered { get; set; }

        public bool HasChanged { get; set; } = true;

        public Dictionary<long, int> ReadsWaiting { get; } = [];
    }

    private sealed record Request(RaftMember At, bool IsRead, int Acknowledged);
}
