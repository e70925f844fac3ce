using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Simulation;

/// <summary>The newest commands of a client that were applied, as they were sent: what may arrive
/// once more at any later time. One that was refused for certain may not; and of one that has no
/// end yet nobody knows whether it will be.</summary>
internal sealed class SentCommands
{
    private const int AnsweredMax = 16;

    private readonly Dictionary<long, long> _sequences = [];
    private readonly Dictionary<long, byte[]> _frames = [];
    private readonly List<byte[]> _answered = [];
    private long _lastSequence;

    /// <summary>Commands that were applied, the oldest first.</summary>
    public IReadOnlyList<byte[]> Answered => _answered;

    /// <summary>A command is about to be sent as a call: it has the next sequence.</summary>
    public void Begin(long call) => _sequences.Add(call, ++_lastSequence);

    /// <summary>A frame leaves.</summary>
    public void Send(byte[] frame)
    {
        FrameReader reader = new(frame);
        bool isCommand = RequestHead.ReadFrom(ref reader).Kind
            is RequestKind.Command or RequestKind.StepwiseCommand;
        if (isCommand)
            _frames[Envelope.ReadFrom(ref reader).Identity.Sequence] = frame;
    }

    /// <summary>A call has ended.</summary>
    public void End(long call, bool isApplied)
    {
        if (!_sequences.Remove(call, out long sequence)
            || !_frames.Remove(sequence, out byte[]? frame)
            || !isApplied)
        {
            return;
        }

        _answered.Add(frame);
        if (_answered.Count > AnsweredMax)
            _answered.RemoveAt(0);
    }
}
