using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>Looks for footprints of a whole machine that promise too much: two commands, or a
/// command and a query, that do not conflict by what they declare and yet do not commute. On a
/// protocol that orders only what conflicts, replicas would part there, silently.</summary>
/// <remarks>Takes random states, each made by random commands, and runs random pairs on them in
/// both orders: results must be the same, and so must be what queries and later commands tell of
/// the states. What is found is certain; that nothing is found is worth as much as the commands
/// that are drawn, so draw few different keys and values.</remarks>
public static class CommutationChecker
{
    private const int Probes = 8;

    /// <summary>Checks a machine.</summary>
    /// <exception cref="ArgumentException">A command or query is none of the machine, or its
    /// footprint is wrong.</exception>
    public static CommutationReport Check<TMachine>(TMachine machine, CommutationOptions options)
        where TMachine : IWholeMachine, IMachineCodec
    {
        ArgumentNullException.ThrowIfNull(options);
        int pairs = 0;
        for (int round = 0; round < options.Rounds; round++)
        {
            ulong seed = StableHash.Combine(options.Seed, (ulong)round);
            Round drawn = new(machine, options, new SeededRandom(seed));
            if (!drawn.Commutes)
                continue;

            pairs++;
            if (drawn.Difference() is string difference)
                return new CommutationReport(pairs, $"round {round}: {difference}");
        }

        return new CommutationReport(pairs, null);
    }

    private sealed class Round
    {
        private readonly IWholeMachine _machine;
        private readonly IMachineCodec _codec;
        private readonly object[] _before;
        private readonly object _first;
        private readonly object _second;
        private readonly (object Request, bool IsQuery)[] _probes;
        private readonly bool _isQuery;
        private readonly MachineOutput _output = new();

        public Round(IWholeMachine machine, CommutationOptions options, SeededRandom random)
        {
            _machine = machine;
            _codec = (IMachineCodec)machine;
            _before = [.. Many(options.StateCommandsMax).Select(_ => options.Command(random))];
            _first = options.Command(random);
            _isQuery = options.Query is not null && random.Chance(1, 4);
            _second = Draw(_isQuery);
            _probes = [.. Enumerable.Range(0, Probes).Select(_ =>
            {
                bool isQuery = options.Query is not null && random.Chance(1, 2);
                return (Draw(isQuery), isQuery);
            })];

            IEnumerable<int> Many(int max) => Enumerable.Range(0, (int)random.Below(max + 1));

            object Draw(bool isQuery) =>
                isQuery && options.Query is { } query ? query(random) : options.Command(random);
        }

        /// <summary>Whether the footprints say so.</summary>
        public bool Commutes =>
            !FootprintOf(_first, false).ConflictsWith(FootprintOf(_second, _isQuery));

        /// <summary>What differs between the two orders; null if nothing does.</summary>
        public string? Difference()
        {
            IWholeState one = _machine.Begin();
            IWholeState other = _machine.Begin();
            foreach (object command in _before)
            {
                Run(one, command, isQuery: false);
                Run(other, command, isQuery: false);
            }

            string firstBefore = Run(one, _first, isQuery: false);
            string secondAfter = Run(one, _second, _isQuery);
            string secondBefore = Run(other, _second, _isQuery);
            string firstAfter = Run(other, _first, isQuery: false);
            string pair = $"{_first} and {_second}, after [{string.Join(", ", _before)}]";
            if (firstBefore != firstAfter)
                return $"{pair}: the result of {_first} is {firstBefore} or {firstAfter}";
            if (secondBefore != secondAfter)
                return $"{pair}: the result of {_second} is {secondBefore} or {secondAfter}";

            foreach ((object request, bool isQuery) in _probes)
            {
                (string told, string toldOther) =
                    (Run(one, request, isQuery), Run(other, request, isQuery));
                if (told != toldOther)
                    return $"{pair}: then {request} gives {told} or {toldOther}";
            }

            return null;
        }

        private Footprint FootprintOf(object request, bool isQuery)
        {
            FootprintDeclaration declaration = new();
            if (isQuery)
                _machine.DeclareQuery(Encode(request), declaration);
            else
                _machine.DeclareCommand(Encode(request), declaration);
            return declaration.Fault is string fault
                ? throw new ArgumentException($"{request}: {fault}.")
                : declaration.Footprint;
        }

        private string Run(IWholeState state, object request, bool isQuery)
        {
            _output.Clear();
            if (isQuery)
                state.Query(Encode(request), _output);
            else
                state.Apply(default, Encode(request), _output);
            string bytes = Convert.ToHexString(_output.Result.Written);
            return _output.IsRefused ? $"refused {bytes}" : $"x{bytes}";
        }

        private byte[] Encode(object request)
        {
            FrameBuffer bytes = new();
            _codec.Encode(request, bytes);
            return bytes.Written.ToArray();
        }
    }
}
