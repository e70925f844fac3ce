using Synod.Kernel;

namespace Synod.Simulation;

/// <summary>Numbers from 1, of which k is drawn in proportion to k to the power of minus the
/// exponent: rejection-inversion (Hörmann, Derflinger 1996), which needs no table.</summary>
internal sealed class ZipfLaw
{
    private const double Bits53 = 1.0 / (1L << 53);

    private readonly long _count;
    private readonly double _exponent;
    private readonly double _first;
    private readonly double _last;
    private readonly double _shortcut;

    public ZipfLaw(long count, double exponent)
    {
        _count = count;
        _exponent = exponent;
        _first = Area(1.5) - 1;
        _last = Area(count + 0.5);
        _shortcut = 2 - Inverse(Area(2.5) - Height(2));
    }

    public long Draw(SeededRandom random)
    {
        while (true)
        {
            double uniform = (random.NextBits() >> 11) * Bits53;
            double area = _last + (uniform * (_first - _last));
            double x = Inverse(area);
            long k = Math.Clamp((long)(x + 0.5), 1, _count);
            if (k - x <= _shortcut || area >= Area(k + 0.5) - Height(k))
                return k;
        }
    }

    private double Height(double x) => Math.Pow(x, -_exponent);

    // The integral of the height, and its inverse; an exponent of 1 is their limit.
    private double Area(double x) => IsOne
        ? Math.Log(x)
        : (Math.Pow(x, 1 - _exponent) - 1) / (1 - _exponent);

    private double Inverse(double area) => IsOne
        ? Math.Exp(area)
        : Math.Pow(Math.Max(0, 1 + (area * (1 - _exponent))), 1 / (1 - _exponent));

    private bool IsOne => Math.Abs(_exponent - 1) < 1e-9;
}
