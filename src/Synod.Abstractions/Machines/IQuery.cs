namespace Synod.Abstractions;

/// <summary>A query of a machine: reads the state of one key and changes nothing.</summary>
/// <typeparam name="TAnswer">What the machine answers.</typeparam>
public interface IQuery<TAnswer>;
