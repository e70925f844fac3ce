using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>The first command of a scenario: the group it is about.</summary>
internal sealed record ScenarioHeader(GroupSetup Setup, bool SettlesByHand)
{
    public const string Name = "nodes";

    public const string Usage = "nodes COUNT protocol NAME [seed NUMBER] [watched] [settle manual]";

    public static ScenarioHeader Parse(ScenarioWords words, IReadOnlyList<IProtocol> protocols)
    {
        words.Require(Name);
        int count = (int)words.Number("COUNT", 1, MemberSet.MembersMax);
        words.Require("protocol");
        IProtocol protocol = words.OneOf(
            "NAME", [.. protocols.Select(static known => (known.Name, known))]);
        ulong seed = words.Take("seed") ? (ulong)words.Number("NUMBER", 0, long.MaxValue) : 1;
        bool isWatched = words.Take("watched");
        bool isManual = words.Take("settle");
        if (isManual)
            words.Require("manual");
        words.End();
        return new ScenarioHeader(
            new GroupSetup(protocol, count, seed) { IsWatched = isWatched }, isManual);
    }
}
