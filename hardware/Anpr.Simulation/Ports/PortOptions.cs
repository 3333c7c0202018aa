using System.CommandLine;
using Anpr.Models.Plates;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Ports;

/// <summary>The options that every command about one port has.</summary>
internal sealed class PortOptions
{
    public Option<string> Port { get; } = new("--port") { Description = "calais, coquelles or dunkerque", Required = true, HelpName = "PORT" };

    public Option<int> Seed { get; } = new("--seed") { Description = "of the traffic plan", DefaultValueFactory = _ => 1, HelpName = "S" };

    public PortOptions() => Port.AcceptOnlyFromAmong([.. TrafficPlan.Ports]);

    /// <summary>The plan that the options name.</summary>
    public static TrafficPlan Plan(int seed, VehicleKind? only = null) => new(new RegistrationMaker(CountryTable.LoadShipped()), seed, only: only);
}
