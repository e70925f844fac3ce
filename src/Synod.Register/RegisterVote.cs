using Synod.Kernel;

namespace Synod.Register;

/// <summary>What an acceptor has accepted for a key, as it tells others.</summary>
internal readonly ref struct RegisterVote
{
    /// <summary>In which ballot; zero if it has accepted nothing.</summary>
    public required Ballot Ballot { get; init; }

    /// <summary>Whether the state is left out, since the receiver has accepted it too.</summary>
    public bool IsLeftOut { get; init; }

    /// <summary>The state.</summary>
    public ReadOnlySpan<byte> State { get; init; }

    public void WriteTo(FrameBuffer buffer)
    {
        buffer.WriteInt64(Ballot.Number);
        buffer.WriteBoolean(IsLeftOut);
        if (!IsLeftOut)
            buffer.WriteSized(State);
    }

    public static RegisterVote ReadFrom(ref FrameReader reader)
    {
        Ballot ballot = RegisterCodec.ReadBallot(ref reader);
        bool isLeftOut = reader.ReadBoolean();
        ReadOnlySpan<byte> state = isLeftOut ? default : reader.ReadSized();
        reader.Require(ballot != Ballot.Zero || state.IsEmpty);
        return new RegisterVote { Ballot = ballot, IsLeftOut = isLeftOut, State = state };
    }

    public override string ToString() =>
        Ballot == Ballot.Zero ? "nothing" : IsLeftOut ? $"{Ballot}" : $"{Ballot} [{State.Length}]";
}
