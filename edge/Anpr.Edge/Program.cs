using System.CommandLine;
using Anpr.Edge.Ops;

var root = new RootCommand("The lane box: reads number plates, with or without a hub.")
{
    ReadCommand.Create(),
    LaneCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
