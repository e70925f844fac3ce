using Synod.Compare;

return await CompareCommand.Create().Parse(args).InvokeAsync();
