using System.Text;
using Synod.Kernel;

namespace Synod.Abstractions;

/// <summary>Takes what a command of a whole machine says that it reads and writes. Keys are names
/// of whatever the machine likes; two that are equal are the same thing. Owned by one
/// thread.</summary>
public sealed class FootprintDeclaration
{
    /// <summary>The most keys that a command may name. Over <see cref="Footprint.KeysMax"/>, that
    /// of its session included, it touches everything.</summary>
    public const int KeysMax = 1024;

    /// <summary>The most bytes of a key.</summary>
    public const int KeyBytesMax = 4096;

    private Footprint _footprint;
    private int _keys;
    private bool _isEverything;
    private string? _fault;

    /// <summary>What is wrong with it; null if nothing is. A command whose declaration is wrong is
    /// refused and never happens.</summary>
    public string? Fault => _fault ?? (_keys == 0 && !_isEverything
        ? "a footprint names at least one key, or everything"
        : null);

    /// <summary>What was declared; everything where it is wrong.</summary>
    public Footprint Footprint =>
        _isEverything || Fault is not null ? Footprint.Universal : _footprint;

    /// <summary>The command reads a key.</summary>
    public void Reads(ReadOnlySpan<byte> key) => Add(key, isWrite: false);

    /// <summary>The command reads a key.</summary>
    public void Reads(string key) => Reads(Encoding.UTF8.GetBytes(key));

    /// <summary>The command writes a key, or reads and writes it.</summary>
    public void Writes(ReadOnlySpan<byte> key) => Add(key, isWrite: true);

    /// <summary>The command writes a key, or reads and writes it.</summary>
    public void Writes(string key) => Writes(Encoding.UTF8.GetBytes(key));

    /// <summary>The command may touch anything.</summary>
    public void Everything() => _isEverything = true;

    /// <summary>Forgets all, for the next command.</summary>
    public void Clear()
    {
        _footprint = default;
        _keys = 0;
        _isEverything = false;
        _fault = null;
    }

    private void Add(ReadOnlySpan<byte> key, bool isWrite)
    {
        if (key.IsEmpty)
            _fault ??= "a key of a footprint is not empty";
        else if (key.Length > KeyBytesMax)
            _fault ??= $"a key of a footprint has at most {KeyBytesMax} bytes, not {key.Length}";
        else if (++_keys > KeysMax)
            _fault ??= $"a footprint names at most {KeysMax} keys";
        if (_fault is not null)
            return;

        Footprint one = isWrite ? Footprint.Writes(key) : Footprint.Reads(key);
        _footprint = _keys == 1 ? one : _footprint.And(one);
    }
}
