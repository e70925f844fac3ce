using System.Globalization;
using System.Text;

namespace Synod.Kernel;

/// <summary>Effects as lines of trace text, whole, for tests, scenarios and the
/// simulator.</summary>
public static class EffectText
{
    /// <summary>One line per effect, in order.</summary>
    public static IReadOnlyList<string> Describe(IKernel kernel, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(outbox);
        List<string> lines = [];
        foreach (ref readonly Effect effect in outbox.Effects)
            lines.Add(Describe(kernel, outbox, effect));
        return lines;
    }

    private static string Describe(IKernel kernel, Outbox outbox, in Effect effect) =>
        effect.Kind switch
        {
            EffectKind.Persist =>
                $"persist {effect.Record} {kernel.DescribeRecord(outbox.Bytes(effect))}"
                + (effect.Command.Length > 0 ? $" {effect.Command}" : ""),
            EffectKind.Send =>
                $"send {effect.Targets} {kernel.DescribeFrame(outbox.Bytes(effect))}"
                + $"{Join(outbox.Payloads(effect))} {Gate(effect)}",
            EffectKind.Committed => $"committed {effect.Request} {Gate(effect)}",
            EffectKind.Deliver => $"deliver {effect.Command}{Own(effect)} {Gate(effect)}",
            EffectKind.ReadReady => $"read-ready {effect.Request}",
            EffectKind.Release => $"release before {effect.Command.Record} {Gate(effect)}",
            EffectKind.Evaluate =>
                $"evaluate {effect.Request} {Text(KeyState.Of(outbox.Bytes(effect)))}",
            EffectKind.Learned => $"learned {Text(KeyState.Of(outbox.Bytes(effect)))}",
            EffectKind.Done => $"done {effect.Request}",
            EffectKind.Reject => $"reject {effect.Request} {effect.Reason}",
            EffectKind.Abandon => $"abandon {effect.Request}",
            EffectKind.TransferEnded => $"transfer {effect.Request} {effect.Transfer}",
            EffectKind.WakeAt => $"wake at {effect.Time}",
            EffectKind.RoleChanged => string.Create(
                CultureInfo.InvariantCulture,
                $"role {kernel.Status.Role} t{kernel.Status.Term} leader {Leader(kernel)}"),
            EffectKind.Violated => $"violated by {effect.Peer}: {effect.Rule}",
        };

    private static string Text(in KeyState state) => string.Create(
        CultureInfo.InvariantCulture,
        $"k{state.Key:x} {state.Ballot} [{state.State.Length}]");

    private static string Gate(in Effect effect) =>
        effect.Rule is not null && effect.Record == default ? "at once" : $"gate {effect.Record}";

    private static string Own(in Effect effect) =>
        effect.Request == default ? "" : $" for {effect.Request}";

    private static string Leader(IKernel kernel) => kernel.Status.Leader?.ToString() ?? "unknown";

    private static string Join(ReadOnlySpan<Payload> payloads)
    {
        StringBuilder text = new();
        foreach (Payload payload in payloads)
            text.Append(' ').Append(payload);
        return text.ToString();
    }
}
