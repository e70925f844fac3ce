using Synod.Abstractions;
using Synod.Kernel;

namespace Synod.TestKit;

/// <summary>Where a log under test lives: outlives its openings, and is hurt on command. A new one
/// is made for every case and seed. All its methods are called by one thread.</summary>
/// <remarks>It must have room for 8 MiB of records and three of the largest ones
/// besides.</remarks>
public abstract class LogStorage : IDisposable
{
    /// <summary>What can be done to it.</summary>
    public abstract LogAbilities Abilities { get; }

    /// <summary>How long to wait for the log to say that it has news, before that counts as
    /// broken. Default 10 seconds.</summary>
    public virtual TimeSpan Patience => TimeSpan.FromSeconds(10);

    /// <summary>Opens the log that is here, or makes a new one.</summary>
    /// <param name="wake">To be called by any thread when it is time for <see cref="ILog.Poll"/>.
    /// </param>
    /// <exception cref="LogException">The log refuses to open.</exception>
    public abstract ILog Open(Action wake);

    /// <summary>Lets a disk that works only when it is told do one thing; false if there is nothing
    /// to do, or if the disk works by itself, which is the default.</summary>
    public virtual bool Work() => false;

    /// <summary>The log was disposed of: lets go of what it stood on. By default
    /// nothing.</summary>
    public virtual void Closed()
    {
    }

    /// <summary>The process ends without closing, and the machine goes on. The log is not called
    /// any more; the next opening can read what was written, flushed or not. Faults that were armed
    /// are gone.</summary>
    public virtual void Kill() => throw Lacks(LogAbilities.Reopens);

    /// <summary>The machine stops, and the process with it: of what was written and not flushed any
    /// subset is there at the next opening. What was written behind a flush that failed counts as
    /// not flushed for ever.</summary>
    /// <param name="survives">To be asked for every sector that was not flushed; or for every unit
    /// that this storage writes as a whole.</param>
    public virtual void CutPower(Func<bool> survives) => throw Lacks(LogAbilities.LosesPower);

    /// <summary>The next such thing that the log does fails, also if it does it in its next
    /// opening.</summary>
    public virtual void FailNext(LogFault fault) => throw Lacks(LogAbilities.FailsWrites);

    /// <summary>Changes bytes within one block of at most 4096, of what was durable when the log
    /// was closed. Called while it is closed; false if there is nothing to hurt.</summary>
    public virtual bool Damage(SeededRandom random) => throw Lacks(LogAbilities.IsDamaged);

    /// <summary>Whether there is no more room than what the log has taken, or as much as it
    /// likes.</summary>
    public virtual void Fill(bool isFull) => throw Lacks(LogAbilities.HasRoomAgain);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes all that is left. The log may be open still, and is not called any
    /// more.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }

    private InvalidOperationException Lacks(LogAbilities ability) => new(
        $"{GetType().Name} does not say that it has the ability {ability}, or does not do it.");
}
