using System.Text;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Hosting;

/// <summary>Makes of bytes what a hook is told. Bytes are copied here; values are made of them by
/// the thread of the hook.</summary>
internal sealed class HookEvents(GroupId group, IMachineReader? machine)
{
    public Action<ILeaderHook> Committed(
        in Envelope envelope, ReadOnlySpan<byte> result, bool isRefused, bool isRestored)
    {
        CommandIdentity identity = envelope.Identity;
        byte[] key = envelope.Key.ToArray();
        byte[] command = envelope.Command.ToArray();
        byte[] bytes = result.ToArray();
        return hook => hook.Committed(Typed(new CommittedCommand
        {
            Group = group,
            Identity = identity,
            Key = Encoding.UTF8.GetString(key),
            Command = machine?.ReadCommand(command),
            CommandBytes = command,
            Result = null,
            ResultBytes = isRefused ? default : bytes,
            Refusal = isRefused ? Encoding.UTF8.GetString(bytes) : null,
            IsRestored = isRestored,
        }));
    }

    public Action<ILeaderHook> Answered(
        ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer, bool isRefused)
    {
        FrameReader reader = new(query);
        byte[] key = reader.ReadSized().ToArray();
        byte[] asked = reader.ReadBytes(reader.Remaining).ToArray();
        byte[] bytes = answer.ToArray();
        return hook => hook.Answered(Typed(new AnsweredQuery
        {
            Group = group,
            Key = Encoding.UTF8.GetString(key),
            Query = machine?.ReadQuery(asked),
            QueryBytes = asked,
            Answer = null,
            AnswerBytes = isRefused ? default : bytes,
            Refusal = isRefused ? Encoding.UTF8.GetString(bytes) : null,
        }));
    }

    private CommittedCommand Typed(CommittedCommand told) =>
        told is { Refusal: null, Command: not null }
            ? told with { Result = machine?.ReadResult(told.Command, told.ResultBytes.Span) }
            : told;

    private AnsweredQuery Typed(AnsweredQuery told) =>
        told is { Refusal: null, Query: not null }
            ? told with { Answer = machine?.ReadResult(told.Query, told.AnswerBytes.Span) }
            : told;
}
