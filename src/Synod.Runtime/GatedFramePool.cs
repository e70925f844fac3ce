using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>Frames of <see cref="GatedFrames"/> that are used again, bounded in number and in size.
/// </summary>
internal sealed class GatedFramePool
{
    private const int FramesMax = 1024;
    private const int FrameBytesMax = 64 << 10;

    private readonly Stack<GatedFrame> _spare = [];

    /// <summary>A frame to fill in.</summary>
    public GatedFrame Rent() => _spare.TryPop(out GatedFrame? frame) ? frame : new GatedFrame();

    /// <summary>Nobody needs the frame any more; its bytes stay until it is rented.</summary>
    public void Return(GatedFrame frame)
    {
        frame.Next = null;
        if (_spare.Count < FramesMax && frame.Bytes.Length <= FrameBytesMax)
            _spare.Push(frame);
    }

    /// <summary>Forgets all.</summary>
    public void Trim()
    {
        _spare.Clear();
        _spare.TrimExcess();
    }

    /// <summary>One of them.</summary>
    internal sealed class GatedFrame
    {
        public RecordNumber Gate { get; set; }

        public MemberSet Targets { get; set; }

        public FrameBuffer Bytes { get; } = new();

        /// <summary>The one behind it; null if it is the last.</summary>
        public GatedFrame? Next { get; set; }
    }
}
