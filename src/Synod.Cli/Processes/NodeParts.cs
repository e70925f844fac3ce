using Synod.Hosting;

namespace Synod.Cli.Processes;

/// <summary>How a node process is told on its standard input to crash a part of itself.</summary>
internal static class NodeParts
{
    /// <summary>The line that crashes a part of group 1.</summary>
    public static string Order(NodePart part) =>
        part == NodePart.Machine ? "crash machine" : "crash replica";

    /// <summary>The part that a line names; null if it is no such line.</summary>
    public static NodePart? TryParse(string line)
    {
        foreach (NodePart part in Enum.GetValues<NodePart>())
        {
            if (line == Order(part))
                return part;
        }

        return null;
    }
}
