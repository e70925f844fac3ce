using Synod.Kernel;

namespace Synod.Runtime;

/// <summary>What the epochs of many groups have in common, held once: mostly they have the same
/// members and parameters. Owned by one thread.</summary>
internal sealed class EpochShapes
{
    // Whoever has more of them shares the first ones.
    private const int ShapesMax = 64;

    private readonly List<EpochDescriptor> _shapes = [];

    /// <summary>An equal descriptor that shares what others have too.</summary>
    public EpochDescriptor Share(EpochDescriptor epoch)
    {
        foreach (EpochDescriptor shape in _shapes)
        {
            if (shape.Parameters == epoch.Parameters && shape.Protocol == epoch.Protocol
                && shape.Members.SequenceEqual(epoch.Members))
            {
                return epoch with
                {
                    Protocol = shape.Protocol,
                    Members = shape.Members,
                    Parameters = shape.Parameters,
                };
            }
        }

        if (_shapes.Count < ShapesMax)
            _shapes.Add(epoch);
        return epoch;
    }
}
