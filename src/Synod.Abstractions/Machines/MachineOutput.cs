using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Takes what a machine answers; reused from call to call.</summary>
public sealed class MachineOutput
{
    /// <summary>The next state of the key; empty makes the key absent.</summary>
    public FrameBuffer State { get; } = new();

    /// <summary>The result, the answer, or the reason of the refusal in UTF-8.</summary>
    public FrameBuffer Result { get; } = new();

    /// <summary>Whether the command was refused; then <see cref="State"/> counts for
    /// nothing.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>Makes the output empty for the next call.</summary>
    public void Clear()
    {
        State.Clear();
        Result.Clear();
        IsRefused = false;
    }

    /// <summary>Answers with a refusal: nothing changes.</summary>
    public void Refuse(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        State.Clear();
        Result.Clear();
        Result.WriteBytes(System.Text.Encoding.UTF8.GetBytes(reason));
        IsRefused = true;
    }
}
