namespace Synod.Cli;

/// <summary>What was asked for did not happen: the message is all that the user needs.</summary>
internal sealed class CommandException(string message) : Exception(message);
