using System.Globalization;
using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Draws the keys of a client.</summary>
internal sealed class LabKeys
{
    private const long Parts = 1_000_000;
    private const int ZipfKeys = 1_000_000;

    private readonly SeededRandom _random;
    private readonly string _own;
    private readonly long _conflicts;
    private readonly ZipfLaw? _zipf;

    public LabKeys(WideAreaOptions options, string own, SeededRandom random)
    {
        _random = random;
        _own = own;
        _conflicts = (long)(options.ConflictPercent / 100 * Parts);
        _zipf = options.ZipfExponent is double exponent
            ? new ZipfLaw(ZipfKeys, exponent)
            : null;
    }

    public string Draw()
    {
        if (_zipf is ZipfLaw law)
            return law.Draw(_random).ToString(CultureInfo.InvariantCulture);

        return _random.Chance(_conflicts, Parts) ? "all" : _own;
    }
}
