using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Synod.Abstractions;
using Synod.Kernel;
using Synod.Runtime;

namespace Synod.Cli.Commands;

/// <summary>What nodes say of themselves: tables for people, JSON for programs.</summary>
internal static class StatusReport
{
    private static readonly string[] RoleColumns =
        ["node", "at", "role", "term", "leader", "last", "committed", "durable", "applied"];

    private static readonly string[] StateColumns =
        ["node", "up", "boot", "life", "kept from", "snapshot", "sessions", "waiting", "log"];

    public static void WriteTables(IReadOnlyList<NodeAnswer> answers)
    {
        foreach (string line in GroupLines(answers))
            Console.WriteLine(line);
        AnsiConsole.Write(TableOf(RoleColumns, answers, RoleCells));
        Console.WriteLine();
        AnsiConsole.Write(TableOf(
            StateColumns, answers.Where(static answer => answer.Status is not null), StateCells));
        foreach (NodeAnswer answer in answers)
        {
            foreach (string trouble in Troubles(answer))
                Console.WriteLine(trouble);
        }
    }

    public static string ToJson(IReadOnlyList<NodeAnswer> answers)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteStartArray("nodes");
            foreach (NodeAnswer answer in answers)
                Write(json, answer);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    // Members that were created apart, or are in another epoch, each have their line.
    private static IEnumerable<string> GroupLines(IEnumerable<NodeAnswer> answers) =>
        answers
            .Select(static answer => answer.Status)
            .OfType<ReplicaStatus>()
            .Where(static status => status.Protocol.Length > 0)
            .Select(static status =>
                $"{status.Group}: {status.Protocol}, {status.Epoch}, '{status.Machine}' version "
                + $"{status.MachineVersion}, durability {DurabilityText.NameOf(status.Durability)},"
                + $" members {string.Join(", ", status.Members)}")
            .Distinct();

    private static Table TableOf(
        string[] columns, IEnumerable<NodeAnswer> answers, Func<NodeAnswer, string[]> cells)
    {
        Table table = new() { Border = TableBorder.None };
        foreach (string column in columns)
            table.AddColumn(new TableColumn(column) { NoWrap = true });
        foreach (NodeAnswer answer in answers)
            table.AddRow([.. cells(answer).Select(Markup.Escape)]);
        return table;
    }

    private static string[] RoleCells(NodeAnswer answer)
    {
        if (answer.Status is not ReplicaStatus status)
            return ["?", answer.Address, "silent", "", "", "", "", "", ""];

        return
        [
            status.Node.ToString(),
            answer.Address,
            status.Protocol.Length == 0 ? "not created" : status.Role.ToString(),
            Number(status.Term),
            status.Leader.Number == 0 ? "unknown" : status.Leader.ToString(),
            Number(status.Last),
            Number(status.Committed),
            Number(status.Durable),
            Number(status.Applied),
        ];
    }

    private static string[] StateCells(NodeAnswer answer)
    {
        if (answer.Status is not ReplicaStatus status)
            return [];

        return
        [
            status.Node.ToString(),
            Time(status.Uptime),
            Number((long)status.Boot.Number),
            Number(status.Life.Number),
            Number(status.FirstKept),
            status.Snapshot == 0 ? "none" : Number(status.Snapshot),
            Number(status.Sessions),
            $"{Number(status.PendingRequests)} ({Bytes(status.PendingBytes)})",
            $"{Bytes(status.Log.Bytes)} in {Number(status.Log.Segments)} segments of at most "
                + Bytes(status.Log.CapacityBytes),
        ];
    }

    private static IEnumerable<string> Troubles(NodeAnswer answer)
    {
        if (answer.Status is not ReplicaStatus status)
        {
            yield return answer.Trouble;
            yield break;
        }

        if (status.Unresponsive is { Count: > 0 } silent)
            yield return $"{status.Node}: no answer from {string.Join(", ", silent)}";
        if (status.Pressure != StoragePressure.None)
            yield return $"{status.Node}: the storage pressure is {status.Pressure}";
        if (status.Health == KernelHealth.Damaged)
            yield return $"{status.Node}: is being repaired and does not count until then";
        if (status.Health == KernelHealth.Voiceless)
            yield return $"{status.Node}: may have forgotten its vote and has no voice";
        foreach (string? trouble in
            (string?[])[status.MachineFailure, status.Log.Damage, status.Poison])
        {
            if (trouble is not null)
                yield return $"{status.Node}: {trouble}";
        }
    }

    private static void Write(Utf8JsonWriter json, NodeAnswer answer)
    {
        json.WriteStartObject();
        json.WriteString("address", answer.Address);
        json.WriteBoolean("answers", answer.Status is not null);
        if (answer.Status is ReplicaStatus status)
        {
            WriteNode(json, status);
            WriteEpoch(json, status);
            WriteState(json, status);
            WriteLog(json, status);
        }

        json.WriteEndObject();
    }

    private static void WriteNode(Utf8JsonWriter json, ReplicaStatus status)
    {
        json.WriteNumber("node", status.Node.Number);
        json.WriteString("incarnation", status.Incarnation.ToString());
        json.WriteNumber("boot", status.Boot.Number);
        json.WriteNumber("life", status.Life.Number);
        json.WriteNumber("uptimeSeconds", Math.Round(status.Uptime.TotalSeconds, 3));
        json.WriteString("role", status.Role.ToString());
        json.WriteNumber("term", status.Term);
        json.WriteNumber("leader", status.Leader.Number);
    }

    private static void WriteEpoch(Utf8JsonWriter json, ReplicaStatus status)
    {
        json.WriteNumber("group", status.Group.Number);
        json.WriteString("protocol", status.Protocol);
        json.WriteString("epoch", status.Epoch.ToString());
        json.WriteString("durability", DurabilityText.NameOf(status.Durability));
        json.WriteString("machine", status.Machine);
        json.WriteNumber("machineVersion", status.MachineVersion);
        json.WriteString("machineFailure", status.MachineFailure);
        json.WriteNumber("members", status.Members.Count);
        json.WriteStartArray("memberIdentities");
        foreach (MemberIdentity member in status.Members)
            json.WriteStringValue(member.ToString());
        json.WriteEndArray();
        if (status.Unresponsive is not IReadOnlyList<NodeId> silent)
        {
            json.WriteNull("unresponsive");
            return;
        }

        json.WriteStartArray("unresponsive");
        foreach (NodeId node in silent)
            json.WriteNumberValue(node.Number);
        json.WriteEndArray();
    }

    private static void WriteState(Utf8JsonWriter json, ReplicaStatus status)
    {
        json.WriteNumber("last", status.Last);
        json.WriteNumber("committed", status.Committed);
        json.WriteNumber("durable", status.Durable);
        json.WriteNumber("applied", status.Applied);
        json.WriteString("digest", status.Digest.ToString("x16", CultureInfo.InvariantCulture));
        json.WriteNumber("firstKept", status.FirstKept);
        json.WriteNumber("snapshot", status.Snapshot);
        json.WriteNumber("sessions", status.Sessions);
        json.WriteNumber("watches", status.Watches);
        json.WriteNumber("pendingRequests", status.PendingRequests);
        json.WriteNumber("pendingBytes", status.PendingBytes);
    }

    private static void WriteLog(Utf8JsonWriter json, ReplicaStatus status)
    {
        LogStatus log = status.Log;
        json.WriteString("health", status.Health.ToString());
        json.WriteString("storagePressure", status.Pressure.ToString());
        json.WriteNumber("logSegments", log.Segments);
        json.WriteNumber("logBytes", log.Bytes);
        json.WriteNumber("logRoomBytes", log.RoomBytes);
        json.WriteNumber("logCapacityBytes", log.CapacityBytes);
        json.WriteString("logDamage", log.Damage);
        json.WriteString("logPoison", status.Poison);
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) =>
        time.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{Number(bytes)} B",
        < 1 << 20 => $"{Number(bytes >> 10)} KiB",
        < 1 << 30 => $"{Number(bytes >> 20)} MiB",
        _ => $"{Number(bytes >> 30)} GiB",
    };
}
