using Synod.Kernel;

namespace Synod.Adapters.Tests.Runtime;

/// <summary>A protocol for groups of one member, which writes checkpoints: each command is a record
/// and is delivered once that is durable.</summary>
internal sealed class Ledger : IProtocol
{
    public string Name => "ledger";

    /// <summary>What the newest life was shown before its start: the numbers of the records, and of
    /// what was lost.</summary>
    public List<string> Shown { get; } = [];

    /// <summary>How many lives a record that cannot be read has ended.</summary>
    public int Crashes { get; private set; }

    /// <summary>The record that cannot be read, as often as this.</summary>
    public (long Number, int Times) Unreadable { get; set; }

    /// <summary>Whether an order is answered with an exception.</summary>
    public bool FailsToTransfer { get; set; }

    /// <summary>Whether it writes a checkpoint only when it is ordered to.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>How often it was asked for a checkpoint.</summary>
    public int Asked { get; private set; }

    public IKernel Create(KernelStart start)
    {
        Shown.Clear();
        return new LedgerKernel(this, start.Self);
    }

    public IProtocolAudit Audit(EpochDescriptor epoch) => throw new NotSupportedException();

    private readonly record struct Mark(byte Kind) : IWire
    {
        public const byte Command = 1;
        public const byte Statement = 2;
        public const byte Checkpoint = 3;

        public void WriteTo(FrameBuffer buffer) => buffer.WriteByte(Kind);
    }

    private sealed class LedgerKernel(Ledger ledger, Member self) : IKernel
    {
        private const string Name = "a mistake";

        private readonly List<Payload> _commands = [];
        private RecordNumber _last;

        public KernelStatus Status => new(
            KernelRole.Leading, self, 1, _last.Number, _last.Number);

        public KernelSurvey Survey(Instant now) => new(_last.Number, 1, 0, null);

        public bool Recover(RecordNumber number, ReadOnlySpan<byte> body)
        {
            if (ledger.Unreadable.Number == number.Number && ledger.Unreadable.Times > 0)
            {
                ledger.Unreadable = (number.Number, ledger.Unreadable.Times - 1);
                ledger.Crashes++;
                throw new InvalidOperationException("It cannot be read.");
            }

            ledger.Shown.Add(body[0] switch
            {
                Mark.Statement => $"statement {number}",
                Mark.Checkpoint => $"checkpoint {number}",
                _ => $"{number}",
            });
            if (body[0] == Mark.Command)
                _commands.Add(Payload.Logged(number, 1, body.Length - 1));
            return true;
        }

        public void Lost(RecordNumber from, RecordNumber through, bool hidesStatement) =>
            ledger.Shown.Add($"lost {from} to {through}");

        public void Start(in Turn turn, Outbox outbox)
        {
            foreach (Payload command in _commands)
                outbox.Deliver(command);
            outbox.RoleChanged();
        }

        public void Propose(
            in Turn turn,
            RequestId request,
            Payload command,
            in Footprint footprint,
            Outbox outbox)
        {
            _commands.Add(outbox.Persist(new Mark(Mark.Command), command));
            outbox.Deliver(_commands[^1], request);
        }

        public void Read(
            in Turn turn, RequestId request, in Footprint footprint, Outbox outbox) =>
            outbox.ReadReady(request);

        public void Persisted(in Turn turn, RecordNumber through, Outbox outbox) =>
            _last = through;

        public void Receive(in Turn turn, Member from, ReadOnlySpan<byte> frame, Outbox outbox)
        {
        }

        public void Wake(in Turn turn, Outbox outbox)
        {
        }

        public void Settle(in Turn turn, Outbox outbox)
        {
        }

        public void PeerUp(in Turn turn, Member peer, Outbox outbox)
        {
        }

        public void PeerDown(in Turn turn, Member peer, Outbox outbox)
        {
        }

        // An order makes a checkpoint, and what cancels it a mistake.
        public void Transfer(
            in Turn turn, RequestId request, TransferOrder order, Outbox outbox)
        {
            if (ledger.FailsToTransfer)
                throw new InvalidOperationException("It cannot be moved.");
            if (order.IsCancel)
            {
                Payload beyond = Payload.Logged(_commands[0].Record, 1 << 20, 1);
                outbox.SendAtOnce(
                    MemberSet.Of(self), new Mark(Mark.Command), Name, [beyond]);
                return;
            }

            WriteCheckpoint(outbox);
            outbox.EndTransfer(request, TransferOutcome.Done);
        }

        public void Checkpoint(in Turn turn, Outbox outbox)
        {
            ledger.Asked++;
            if (!ledger.KeepsAll)
                WriteCheckpoint(outbox);
        }

        public void Pressure(in Turn turn, StoragePressure pressure, Outbox outbox)
        {
        }

        public void Digest(ref StateHash hash)
        {
        }

        public void DigestVolatile(in Turn turn, ref StateHash hash)
        {
        }

        public string DescribeFrame(ReadOnlySpan<byte> frame) => "";

        public string DescribeRecord(ReadOnlySpan<byte> record) => "";

        private void WriteCheckpoint(Outbox outbox)
        {
            outbox.PersistStatement(new Mark(Mark.Statement));
            RecordNumber first = outbox.Persist(new Mark(Mark.Checkpoint));
            outbox.Release(first);
            _commands.Clear();
        }
    }
}
