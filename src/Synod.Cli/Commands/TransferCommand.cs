using System.CommandLine;
using System.Text;
using System.Text.Json;
using Synod.Abstractions;
using Synod.Hosting;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Cli.Commands;

/// <summary><c>synod cluster transfer</c>: moves leadership from one running node to
/// another.</summary>
internal sealed class TransferCommand
{
    private readonly LocalCluster _cluster = new();
    private readonly Option<int?> _to = new("--to")
    {
        Description = "The number of the node that is to lead. Default: the follower that has "
            + "most of the log.",
        CustomParser = static result => Allowed.Between(1, int.MaxValue)(result),
    };

    private readonly Option<bool> _cancel = new("--cancel")
    {
        Description = "End a transfer that is under way: the leader asks nobody any more.",
    };

    private readonly Option<double> _timeout = CommonOptions.Timeout();

    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create()
    {
        TransferCommand transfer = new();
        Command command = new("transfer", "Moves leadership to another node.")
        {
            transfer._to,
            transfer._cancel,
            transfer._timeout,
            transfer._json,
        };
        transfer._cluster.AddTo(command);
        transfer._cluster.AddGroupTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(transfer._cancel) && result.GetValue(transfer._to) is not null)
                result.AddError("--cancel moves leadership nowhere: leave out --to.");
        });
        command.SetAction(transfer.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TimeSpan timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout));
        bool isCancel = parsed.GetValue(_cancel);
        NodeId? target = parsed.GetValue(_to) is int number ? new NodeId((uint)number) : null;
        await using SynodClient client = _cluster.Connect(parsed, timeout);
        Outcome<TransferAnswer> outcome = isCancel
            ? await client.CancelTransferAsync(cancellation)
            : await client.TransferLeadershipAsync(target, cancellation);

        bool isGood = outcome is Outcome<TransferAnswer>.Applied { Result.Outcome: var how }
            && how == (isCancel ? TransferOutcome.Cancelled : TransferOutcome.Done);
        if (parsed.GetValue(_json))
            Console.WriteLine(ToJson(outcome));
        else if (isGood)
            Console.WriteLine(Explain(client, outcome));
        return isGood ? 0 : throw new CommandException(Explain(client, outcome));
    }

    private static string NameOf(Outcome<TransferAnswer> outcome) =>
        outcome is Outcome<TransferAnswer>.Applied applied
            ? applied.Result.Outcome.ToString()
            : outcome.GetType().Name;

    private static string ToJson(Outcome<TransferAnswer> outcome)
    {
        NodeId? leader = outcome switch
        {
            Outcome<TransferAnswer>.Applied applied => applied.Result.Leader,
            Outcome<TransferAnswer>.NotLeader other => other.Leader,
            _ => null,
        };
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("outcome", NameOf(outcome));
            json.WriteNumber("leader", leader?.Number ?? 0);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Explain(SynodClient client, Outcome<TransferAnswer> outcome) =>
        outcome switch
        {
            Outcome<TransferAnswer>.Applied applied => Explain(applied.Result),
            Outcome<TransferAnswer>.Refused refused => $"not done: {refused.Reason}",
            Outcome<TransferAnswer>.NotAllowed denied => $"not done: {denied.Reason}",
            Outcome<TransferAnswer>.NotLeader =>
                "not done: no leader was found in time. Is a majority of the nodes running?",
            Outcome<TransferAnswer>.Unavailable unavailable =>
                $"not done: {unavailable.Reason} ({client.LastTrouble})",
            Outcome<TransferAnswer>.Unknown =>
                "no answer. It may have happened: look at 'synod cluster status'.",
            _ => $"not done: {outcome}",
        };

    private static string Explain(TransferAnswer answer) => answer.Outcome switch
    {
        TransferOutcome.Done => $"{answer.Leader} leads.",
        TransferOutcome.Cancelled => $"Cancelled: {answer.Leader} leads.",
        TransferOutcome.Overridden => "not done: a later transfer took its place.",
        TransferOutcome.Unresponsive =>
            "not done: the target is not connected, is damaged, or did not take over in time. "
            + $"{answer.Leader} leads.",
        TransferOutcome.OtherLeads => $"not done: {answer.Leader} leads instead.",
        TransferOutcome.NotLeader => "not done: leadership was lost meanwhile.",
    };
}
