using System.Globalization;

namespace Synod.TestKit;

/// <summary>A history that is not one: says in which line and what is wrong there.</summary>
public sealed class HistoryException : Exception
{
    /// <summary>Creates it for a line, counted from 1, and a fault.</summary>
    public HistoryException(int line, string fault)
        : this(line, fault, null)
    {
    }

    /// <summary>Creates it with what caused it.</summary>
    public HistoryException(int line, string fault, Exception? cause)
        : base(string.Create(CultureInfo.InvariantCulture, $"line {line}: {fault}"), cause)
    {
        Line = line;
        Fault = fault;
    }

    /// <summary>The line of the file, counted from 1; the header is line 1.</summary>
    public int Line { get; }

    /// <summary>What is wrong in it.</summary>
    public string Fault { get; }
}
