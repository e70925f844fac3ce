namespace Synod.Transport;

/// <summary>How a connection of a client came to its end.</summary>
/// <param name="Refusal">Why the node refused it, or <see cref="RefusalCode.None"/> if it could not
/// be reached or was lost.</param>
/// <param name="Text">A sentence for people.</param>
public readonly record struct Closure(RefusalCode Refusal, string Text);
