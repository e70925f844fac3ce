using Synod.Abstractions;
using Synod.Storage;
using Synod.TestKit;

namespace Synod.Adapters.Tests.Storage;

/// <summary>The file log with one bug, in itself or in how it uses its disk.</summary>
internal sealed class BrokenLogStorage(LogBug bug) : SimulatedLogStorage
{
    private readonly HashSet<(ulong Group, long Number)> _statements = [];
    private bool _isTorn;

    public override LogAbilities Abilities => base.Abilities | LogAbilities.IsExclusive;

    public override TimeSpan Patience => TimeSpan.FromMilliseconds(100);

    protected override IBlockDevice Device => new BrokenDevice(Disk, bug);

    public override ILog Open(Action wake)
    {
        ILog log = base.Open(bug == LogBug.NeverWakes ? DoNothing : wake);
        if (bug == LogBug.RefusesDamage && log.Damage.Count > 0)
            throw new LogException("It is damaged.");

        bool isTorn = _isTorn;
        _isTorn = false;
        return new BrokenLog(log, bug, isTorn, _statements);
    }

    public override void CutPower(Func<bool> survives)
    {
        base.CutPower(survives);
        _isTorn = true;
    }

    private static void DoNothing()
    {
    }
}
