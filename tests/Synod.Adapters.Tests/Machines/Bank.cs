using Synod.Abstractions;

namespace Synod.Adapters.Tests.Machines;

/// <summary>Accounts between which money moves in one command: what no keyed machine can
/// do.</summary>
internal sealed class Bank : WholeMachine<Dictionary<string, long>>
{
    private static readonly ICodec<Deposit> DepositCodec = Codec.Of<Deposit>(
        static (deposit, buffer) =>
        {
            buffer.WriteString(deposit.Account);
            buffer.WriteInt64(deposit.Amount);
        },
        static (ref reader) => new Deposit(reader.ReadString(), reader.ReadInt64()));

    private static readonly ICodec<Move> MoveCodec = Codec.Of<Move>(
        static (move, buffer) =>
        {
            buffer.WriteString(move.From);
            buffer.WriteString(move.To);
            buffer.WriteInt64(move.Amount);
        },
        static (ref reader) =>
            new Move(reader.ReadString(), reader.ReadString(), reader.ReadInt64()));

    public Bank(Footing footing = Footing.Right)
        : base("bank", static () => [])
    {
        Command<Deposit, long>(
            tag: 1,
            DepositCodec,
            Codec.Number,
            static (in context, accounts, deposit) =>
                accounts[deposit.Account] = Held(accounts, deposit.Account) + deposit.Amount);
        Touches<Deposit>((deposit, footprint) => Declare(footing, deposit, footprint));
        Command<Move, bool>(
            tag: 2,
            MoveCodec,
            Codec.Boolean,
            static (in context, accounts, move) => Run(accounts, move));
        Touches<Move>((move, footprint) =>
        {
            footprint.Writes(move.From);
            if (footing != Footing.ForgetsTheTarget)
                footprint.Writes(move.To);
        });
        Query<Balance, long>(
            tag: 1,
            Codec.Of<Balance>(
                static (balance, buffer) => buffer.WriteString(balance.Account),
                static (ref reader) => new Balance(reader.ReadString())),
            Codec.Number,
            static (accounts, balance) => Held(accounts, balance.Account));
        Touches<Balance>(static (balance, footprint) => footprint.Reads(balance.Account));
    }

    /// <summary>What its footprints are like.</summary>
    internal enum Footing
    {
        Right,
        ForgetsTheTarget,
        CallsADepositARead,
    }

    private static void Declare(
        Footing footing, Deposit deposit, FootprintDeclaration footprint)
    {
        // What the tests of bad input ask for.
        if (deposit.Account == "throws")
            throw new InvalidOperationException("no such account");
        if (deposit.Account == "nothing")
            return;

        int keys = deposit.Account == "thousands" ? 5000 : 1;
        for (int key = 1; key < keys; key++)
            footprint.Writes($"{key}");
        if (footing == Footing.CallsADepositARead)
            footprint.Reads(deposit.Account);
        else
            footprint.Writes(deposit.Account);
    }

    private static Answer<bool> Run(Dictionary<string, long> accounts, Move move)
    {
        if (move.Amount < 0)
            return new Refusal("money moves forward");
        if (Held(accounts, move.From) < move.Amount)
            return false;

        accounts[move.From] = Held(accounts, move.From) - move.Amount;
        accounts[move.To] = Held(accounts, move.To) + move.Amount;
        return true;
    }

    private static long Held(Dictionary<string, long> accounts, string account) =>
        accounts.GetValueOrDefault(account);
}
