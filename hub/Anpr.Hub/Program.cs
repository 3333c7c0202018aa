using System.CommandLine;
using Anpr.Hub.Ops;

var root = new RootCommand("The hub: takes in what the lanes saw, links it, raises alerts, answers questions.")
{
    RunCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
