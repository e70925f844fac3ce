using Synod.Kernel;

namespace Synod.Register;

/// <summary>What leaves at the end of a turn: one frame for all, and one for each peer that was
/// answered, over all keys (protocols §4.5). A frame waits for the newest record that one of its
/// entries needs.</summary>
internal sealed class RegisterFrames
{
    private readonly FrameBuffer[] _frames;
    private readonly RecordNumber[] _gates;
    private readonly MemberSet _others;
    private readonly int _most;

    /// <param name="others">All members but this one.</param>
    /// <param name="members">How many members there are.</param>
    /// <param name="most">From how many bytes on a frame leaves at once.</param>
    public RegisterFrames(MemberSet others, int members, int most)
    {
        _others = others;
        _most = most;
        _gates = new RecordNumber[members + 1];
        _frames = new FrameBuffer[members + 1];
        for (int place = 0; place < _frames.Length; place++)
            _frames[place] = new FrameBuffer();
    }

    private int Broadcast => _frames.Length - 1;

    public void ToAll<T>(in T entry, RecordNumber gate, Outbox outbox)
        where T : struct, IWire, allows ref struct => Add(Broadcast, entry, gate, outbox);

    public void To<T>(Member peer, in T entry, RecordNumber gate, Outbox outbox)
        where T : struct, IWire, allows ref struct => Add(peer.Index, entry, gate, outbox);

    public void Leave(Outbox outbox)
    {
        for (int place = 0; place < _frames.Length; place++)
            Leave(place, outbox);
    }

    public void Digest(ref StateHash hash)
    {
        for (int place = 0; place < _frames.Length; place++)
        {
            hash.Add(_frames[place].Written);
            hash.Add(_gates[place].Number);
        }
    }

    private void Add<T>(int place, in T entry, RecordNumber gate, Outbox outbox)
        where T : struct, IWire, allows ref struct
    {
        entry.WriteTo(_frames[place]);
        if (_gates[place] < gate)
            _gates[place] = gate;
        if (_frames[place].Length >= _most)
            Leave(place, outbox);
    }

    [Rule(RegisterRules.DurableBeforeAnswer)]
    [Rule(RegisterRules.AsksNeedNoVote)]
    private void Leave(int place, Outbox outbox)
    {
        if (_frames[place].Length == 0)
            return;

        outbox.SendBehind(
            place == Broadcast ? _others : MemberSet.Of(new Member((byte)place)),
            new RegisterBatch(_frames[place].Written),
            (_gates[place], RegisterRules.AsksNeedNoVote));
        _frames[place].Clear();
        _gates[place] = default;
    }
}
