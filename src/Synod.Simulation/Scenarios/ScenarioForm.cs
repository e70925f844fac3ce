namespace Synod.Simulation;

/// <summary>A command of the language of scenarios.</summary>
/// <param name="Name">Its first word.</param>
/// <param name="Usage">The whole of it.</param>
/// <param name="Parse">Reads the words behind its name, all of them, and says what to do.</param>
internal sealed record ScenarioForm(
    string Name, string Usage, Func<ScenarioWords, Action<ScenarioRun>> Parse);
