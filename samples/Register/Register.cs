using Synod.Abstractions;

namespace Synod.Samples.Register;

/// <summary>Writes a value; the result is the value before, null if there was none.</summary>
public sealed record Put(string Value) : ICommand<string?>;

/// <summary>Writes a value if there is none; the result says whether it was written.</summary>
public sealed record AddIfAbsent(string Value) : ICommand<bool>;

/// <summary>Writes a value if the present one is the expected one; the result says whether it was
/// written.</summary>
public sealed record CompareAndSet(string Expected, string Value) : ICommand<bool>;

/// <summary>Removes the value; the result says whether there was one.</summary>
public sealed record Delete : ICommand<bool>;

/// <summary>Asks for the value; null if there is none.</summary>
public sealed record ReadValue : IQuery<string?>;

/// <summary>A replicated register for each key.</summary>
public sealed class Register : KeyedMachine<string?>
{
    private static readonly ICodec<string?> State = Codec.Of<string?>(
        static (value, buffer) =>
        {
            if (value is not null)
                buffer.WriteString(value);
        },
        static (ref reader) => reader.ReadString());

    private static readonly ICodec<Put> Put = Codec.Of<Put>(
        static (put, buffer) => buffer.WriteString(put.Value),
        static (ref reader) => new Put(reader.ReadString()));

    private static readonly ICodec<AddIfAbsent> Add = Codec.Of<AddIfAbsent>(
        static (add, buffer) => buffer.WriteString(add.Value),
        static (ref reader) => new AddIfAbsent(reader.ReadString()));

    private static readonly ICodec<CompareAndSet> Set = Codec.Of<CompareAndSet>(
        static (set, buffer) =>
        {
            buffer.WriteString(set.Expected);
            buffer.WriteString(set.Value);
        },
        static (ref reader) => new CompareAndSet(reader.ReadString(), reader.ReadString()));

    /// <summary>Names the commands and queries.</summary>
    public Register()
        : base("register", State, absent: null)
    {
        Command(
            tag: 1, Put, Codec.Maybe(Codec.Text),
            static (in context, key, value, put) => (put.Value, value));
        Command(
            tag: 2, Add, Codec.Boolean,
            static (in context, key, value, add) =>
                value is null ? (add.Value, true) : (value, false));
        Command(
            tag: 3, Set, Codec.Boolean,
            static (in context, key, value, set) =>
                value == set.Expected ? (set.Value, true) : (value, false));
        Command(
            tag: 4, Codec.Empty(new Delete()), Codec.Boolean,
            static (in context, key, value, delete) => (null, value is not null));
        Query(
            tag: 1, Codec.Empty(new ReadValue()), Codec.Maybe(Codec.Text),
            static (key, value, readValue) => value);
    }
}
