using System.Text.Json.Serialization;

namespace Synod.Cli.Demo;

[JsonSerializable(typeof(HistoryEntry))]
internal sealed partial class HistoryJson : JsonSerializerContext;
