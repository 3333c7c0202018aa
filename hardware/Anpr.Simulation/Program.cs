using System.CommandLine;
using Anpr.Simulation;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Ports;

var root = new RootCommand("A port without a port: lorries and plates as camera streams, breathing and beating cargo.")
{
    DemoCommand.Create(),
    PortCommand.Create(),
    ClipCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
