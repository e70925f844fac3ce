using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>A kernel that is watched: after each input the audit sees what it asked for.</summary>
internal sealed class AuditedKernel(IKernel kernel, KernelStart start, NodeAudit audit) : IKernel
{
    public KernelStatus Status => kernel.Status;

    public KernelSurvey Survey(Instant now) => kernel.Survey(now);

    public bool Recover(RecordNumber number, ReadOnlySpan<byte> body) =>
        kernel.Recover(number, body);

    public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement) =>
        kernel.Lost(from, through, hidesStatement);

    public void Start(in Turn turn, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Start(turn, outbox);
        audit.Began(start, kernel);
        audit.Stepped(outbox, first);
    }

    public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        audit.Arrives(from, frame);
        kernel.Receive(turn, from, frame, outbox);
        audit.Stepped(outbox, first);
    }

    public void Wake(in Turn turn, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        bool handsOver = kernel.Status.Successor is not null;
        kernel.Wake(turn, outbox);
        audit.Stepped(outbox, first);
        if (!handsOver && kernel.Status.Successor is not null)
            audit.HandsOver();
    }

    public void Settle(in Turn turn, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Settle(turn, outbox);
        audit.Stepped(outbox, first);
    }

    public void PeerUp(in Turn turn, Member peer, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.PeerUp(turn, peer, outbox);
        audit.Stepped(outbox, first);
    }

    public void PeerDown(in Turn turn, Member peer, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.PeerDown(turn, peer, outbox);
        audit.Stepped(outbox, first);
    }

    public void Propose(
        in Turn turn, RequestId request, Payload command, in Footprint footprint, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        audit.Asks(request);
        kernel.Propose(turn, request, command, footprint, outbox);
        audit.Stepped(outbox, first);
    }

    public void Read(in Turn turn, RequestId request, in Footprint footprint, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        audit.Asks(request);
        audit.Reads(request, footprint);
        kernel.Read(turn, request, footprint, outbox);
        audit.Stepped(outbox, first);
    }

    public void Transfer(
        in Turn turn, RequestId request, TransferOrder order, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        audit.Asks(request);
        kernel.Transfer(turn, request, order, outbox);
        audit.Ordered(order, kernel.Status);
        audit.Stepped(outbox, first);
    }

    public void Evaluated(
        in Turn turn, RequestId request, in KeyState state, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Evaluated(turn, request, state, outbox);
        audit.Stepped(outbox, first);
    }

    public void Persisted(in Turn turn, RecordNumber through, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Persisted(turn, through, outbox);
        audit.Stepped(outbox, first);
    }

    public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Pressure(turn, pressure, outbox);
        audit.Stepped(outbox, first);
    }

    public void Checkpoint(in Turn turn, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.Checkpoint(turn, outbox);
        audit.Stepped(outbox, first);
    }

    public void Capture(FrameBuffer frontier) => kernel.Capture(frontier);

    public void SnapshotSaved(in Turn turn, ReadOnlySpan<byte> frontier, Outbox outbox)
    {
        int first = outbox.Effects.Length;
        kernel.SnapshotSaved(turn, frontier, outbox);
        audit.Stepped(outbox, first);
    }

    public void Digest(ref StateHash hash) => kernel.Digest(ref hash);

    public void DigestVolatile(in Turn turn, ref StateHash hash) =>
        kernel.DigestVolatile(turn, ref hash);

    public string DescribeFrame(ReadOnlySpan<byte> frame) => kernel.DescribeFrame(frame);

    public string DescribeRecord(ReadOnlySpan<byte> record) => kernel.DescribeRecord(record);
}
