using System.Globalization;
using Synod.Samples.Register;
using Synod.Simulation;
using Synod.TestKit;

namespace Synod.Samples.Workloads;

/// <summary>Registers that clients at far sites write and read.</summary>
public static class WideAreaRegister
{
    /// <summary>What they write and read.</summary>
    public static WideAreaMachine Machine { get; } = new(
        static () => new Register.Register(),
        static (key, number) => Write(key, number.ToString(CultureInfo.InvariantCulture)),
        static key => WorkloadCall.Query(
            ("get", key, HistoryValue.Null), new ReadValue(), static value => value));

    private static WorkloadCall Write(string key, string value) => WorkloadCall.Command(
        ("put", key, value), new Put(value), static _ => HistoryValue.Null);
}
