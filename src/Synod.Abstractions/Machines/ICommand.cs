namespace Synod.Abstractions;

/// <summary>A command of a machine: what a client sends to change the state of one key. Names the
/// type of its result, so that the client can infer it.</summary>
/// <typeparam name="TResult">What the machine answers.</typeparam>
public interface ICommand<TResult>;
