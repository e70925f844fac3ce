using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>One run of a case: does things to a log, knows what it must hold, and looks whether it
/// does.</summary>
internal sealed partial class LogRun(Func<LogStorage> create, SeededRandom random) : IDisposable
{
    private const int Groups = 3;
    private const int StepsKept = 30;
    private const int OrdinaryBytes = 6000;
    private const int LargeBytes = 20_000;

    // Half of what a storage must have room for.
    private const long BytesMax = 4 << 20;

    private readonly object _news = new();
    private readonly Queue<string> _steps = new();
    private readonly Dictionary<ulong, long> _numbers = [];
    private readonly Dictionary<ulong, List<long>> _floors = [];
    private List<WrittenRecord> _written = [];
    private LogStorage _storage = create();
    private ILog? _log;
    private LogPosition _durable;
    private LogPosition _known;
    private long _bytes;
    private int _opening;
    private int _wakes;
    private int _heard;

    public LogStorage Storage => _storage;

    public SeededRandom Random => random;

    public ILog Log => _log ?? throw new InvalidOperationException("Open first.");

    /// <summary>What the log must hold, in the order of appending.</summary>
    public IReadOnlyList<WrittenRecord> Written => _written;

    /// <summary>What was done last, for whoever reads that a promise is broken.</summary>
    public string Steps => $"What was done last: {string.Join(", ", _steps)}.";

    public static LogConformanceException Broken(string what) => new(what);

    public static void Require(bool holds, string what)
    {
        if (!holds)
            throw Broken(what);
    }

    public void Dispose() => _storage.Dispose();

    /// <summary>Begins anew, with an empty log.</summary>
    public void Renew()
    {
        Note("another storage");
        _storage.Dispose();
        _storage = create();
        _log = null;
        _numbers.Clear();
        _floors.Clear();
        _loads.Clear();
        _written = [];
        _known = default;
        _bytes = 0;
    }

    /// <summary>Opens the log; it must show what it has to.</summary>
    public void Open()
    {
        if (TryOpen(out ShownLog shown) is LogException refusal)
            throw Broken($"It refuses to open though nothing was hurt: {refusal.Message}");

        CheckUnhurt(shown);
    }

    /// <summary>Opens the log; says why it refuses.</summary>
    public LogException? TryOpen(out ShownLog shown)
    {
        Note("open");
        shown = new ShownLog();
        int opening;
        lock (_news)
            opening = ++_opening;
        try
        {
            ILog log = _storage.Open(() => Wake(opening));
            _durable = log.Durable;
            log.Replay(shown);
            _log = log;
            return null;
        }
        catch (LogException refusal)
        {
            _log = null;
            return refusal;
        }
    }

    /// <summary>Closes it, as a process does that ends by itself.</summary>
    public void Close()
    {
        Note("close");
        Log.Dispose();
        _storage.Closed();
        _log = null;
    }

    public void Kill()
    {
        Note("kill");
        _log = null;
        _storage.Kill();
    }

    /// <param name="quarters">How many of four unflushed units are there afterwards.</param>
    public void CutPower(long quarters)
    {
        Note($"cut the power, {quarters} of 4 survive");
        _log = null;
        _storage.CutPower(() => random.Chance(quarters, 4));
    }

    /// <summary>Appends a record like any other.</summary>
    public WrittenRecord Append()
    {
        ulong group = 1 + (ulong)random.Below(Groups);
        bool isStatement = random.Chance(1, 5);
        long most = isStatement ? 200 : random.Chance(1, 4) ? LargeBytes : OrdinaryBytes;
        int length = (int)random.Below(Math.Min(most, Log.RecordBytesMax) + 1);
        return Append(group, length, isStatement);
    }

    public WrittenRecord Append(ulong group, int length, bool isStatement)
    {
        // Few letters, so that what is left of older records is often equal to newer ones; and a
        // head that no other record has.
        byte[] body = new byte[length];
        body.AsSpan().Fill((byte)('a' + random.Below(2)));
        for (int place = 0; place < Math.Min(length, sizeof(ulong)); place++)
            body[place] = (byte)random.Below(256);
        long number = _numbers.GetValueOrDefault(group) + 1;
        WrittenRecord record = new(HeaderOf(group, number, isStatement), body);
        record.Position = Offer(record);
        _numbers[group] = number;
        _written.Add(record);
        _bytes += length;
        return record;
    }

    /// <summary>Appends something that is to be refused.</summary>
    public void Probe(int length, bool isStatement)
    {
        Note($"append {length} bytes");
        Log.Append(HeaderOf(1, long.MaxValue, isStatement), new byte[length], []);
    }

    /// <summary>Releases what a replica has before one of its records.</summary>
    public void Release(WrittenRecord record)
    {
        LogFloor floor = new(record.Header.Group, record.Header.Number, record.Position);
        Note($"release {floor}");
        FloorsOf(floor.Group.Number).Add(floor.Number.Number);
        LogPosition before = Log.Base;
        Log.Release(floor);
        Require(Log.Base == before, "Release has moved Base; only Poll may.");
        RequireUnmoved("Release");
    }

    /// <summary>Whether nobody has released it.</summary>
    public bool IsNeeded(WrittenRecord record) => record.Header.Number.Number
        >= FloorsOf(record.Header.Group.Number).DefaultIfEmpty(1).Max();

    /// <summary>Asks for a flush, and waits until all is durable.</summary>
    public void Settle()
    {
        Flush();
        while (Log.Durable < Log.Appended)
        {
            RequireWell();
            Advance();
        }

        RequireWell();
        Note("settled");
    }

    /// <summary>Lets the disk do something and hears of it; waits until it has.</summary>
    public void Advance(string asked = "A flush")
    {
        if (IsWokenWithin(TimeSpan.Zero))
        {
            Poll();
        }
        else if (!Work() && !IsWokenWithin(_storage.Patience))
        {
            throw Broken(
                $"{asked} was asked for, and for {_storage.Patience} nobody said that it is done: "
                + "whatever ends must call the wake.");
        }
    }

    public void Flush()
    {
        Note("flush");
        Log.Flush();
        RequireUnmoved("Flush");
    }

    public void Poll()
    {
        Note("poll");
        lock (_news)
            _heard = _wakes;
        LogException? poison = Log.Poison;
        RequireUnmoved("the time before Poll");
        LogPosition begin = Log.Base;
        Log.Poll();
        Require(Log.Base >= begin, $"Base went back from {begin} to {Log.Base}.");
        Require(Log.Durable >= _durable, $"Durable went back from {_durable} to {Log.Durable}.");
        Require(
            Log.Durable <= Log.Appended,
            $"Durable is {Log.Durable}, and only {Log.Appended} was appended.");
        Require(
            poison is null || Log.Durable == _durable,
            $"Something became durable after the poison: {poison?.Message}");
        Require(
            poison is null || ReferenceEquals(poison, Log.Poison),
            $"The poison was '{poison?.Message}' and is '{Log.Poison?.Message}'.");
        _known = _durable = Log.Durable;
    }

    public bool Work()
    {
        bool worked = _storage.Work();
        if (worked)
            Note("work");
        if (_log is not null)
            RequireUnmoved("the work of the disk");
        return worked;
    }

    /// <summary>Does this and that for a while.</summary>
    public void Wander(long steps)
    {
        for (; steps > 0; steps--)
            Wander();
    }

    public void RequireWell() =>
        Require(Log.Poison is null, $"It is poisoned though all is well: {Log.Poison?.Message}");

    public void Note(string step)
    {
        _steps.Enqueue(step);
        if (_steps.Count > StepsKept)
            _steps.Dequeue();
    }

    private List<long> FloorsOf(ulong group)
    {
        if (!_floors.TryGetValue(group, out List<long>? floors))
            _floors.Add(group, floors = []);
        return floors;
    }

    private static RecordHeader HeaderOf(ulong group, long number, bool isStatement) => new(
        new GroupId(group),
        new EpochId((uint)group, new Lineage(0x5EED + group)),
        new RecordNumber(number),
        number % 7 == 1 ? RecordOwner.Runtime : RecordOwner.Kernel,
        isStatement);

    // The body comes in two parts, as a kernel's record and the command behind it do, and the log
    // must have copied them when it returns.
    private LogPosition Offer(WrittenRecord record)
    {
        byte[] lent = (byte[])record.Body.Clone();
        int half = (int)random.Below(lent.Length + 1);
        Note($"append {record}");
        LogPosition before = Log.Appended;
        LogPosition position =
            Log.Append(record.Header, lent.AsSpan(0, half), lent.AsSpan(half));
        Array.Fill(lent, (byte)'!');
        Require(position > before, $"{record} was put to {position}, behind it is {before}.");
        Require(
            Log.Appended == position,
            $"{record} was put to {position}, and Appended is {Log.Appended}.");
        RequireUnmoved("Append");
        return position;
    }

    private void Wander()
    {
        switch (random.Below(8))
        {
            case 0 or 1 or 2:
                if (_bytes < BytesMax)
                    Append();
                break;
            case 3:
                Flush();
                break;
            case 4 or 5:
                Work();
                break;
            case 6:
                Poll();
                break;
            default:
                if (_written.Count > 0
                    && _written[(int)random.Below(_written.Count)] is var record
                    && IsNeeded(record))
                {
                    CheckRead(record);
                }

                break;
        }
    }

    private void RequireUnmoved(string by) => Require(
        Log.Durable == _durable,
        $"Durable moved from {_durable} to {Log.Durable} by {by}; only Poll may move it.");

    /// <summary>Whether there is news that was not polled for, or comes in time.</summary>
    public bool IsWokenWithin(TimeSpan time)
    {
        lock (_news)
            return _heard != _wakes || Monitor.Wait(_news, time);
    }

    // By any thread, also by one of a log that is not called any more.
    private void Wake(int opening)
    {
        lock (_news)
        {
            if (opening != _opening)
                return;

            _wakes++;
            Monitor.PulseAll(_news);
        }
    }
}
