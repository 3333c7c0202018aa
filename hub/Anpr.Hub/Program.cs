using System.CommandLine;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Backup;
using Anpr.Hub.Ops;
using Anpr.Hub.Retention;

var root = new RootCommand("The hub: takes in what the lanes saw, links it, raises alerts, answers questions.")
{
    RunCommand.Create(),
    TransferCommands.Import(),
    TransferCommands.Export(),
    MigrateCommand.Create(),
    VerifyCommand.Create(),
    BackupCommands.Backup(),
    BackupCommands.Restore(),
    RetentionCommands.Hold(),
    RetentionCommands.Erase(),
};
foreach (var command in AccessCommands.All())
{
    root.Subcommands.Add(command);
}

return await CommandLine.RunAsync(root, args);
