namespace Synod.Simulation;

/// <summary>A disk has lost what was durable but not marked so, which no log can see: the member
/// must not serve any more.</summary>
internal sealed class DiskLostException : Exception;
