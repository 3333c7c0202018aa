using System.Text;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Hears what hubs of this process log as errors, between its making and its disposing.</summary>
internal sealed class ErrorLog : TextWriter
{
    // The web server's word for a request over HTTP/1.1 that ran out of its grpc-timeout while its body was read: it closes the connection.
    private const string Drained = "automatic draining of the request body failed";

    private readonly TextWriter _before = System.Console.Error;
    private readonly StringBuilder _line = new();
    private readonly List<string> _errors = [];
    private bool _ofError;

    /// <summary>Takes the place of the standard error output.</summary>
    public ErrorLog() => System.Console.SetError(this);

    /// <summary>Lines that are errors, each with the first line of its exception.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_line)
            {
                return [.. _errors];
            }
        }
    }

    /// <inheritdoc/>
    public override Encoding Encoding => Encoding.UTF8;

    /// <inheritdoc/>
    public override void Write(char value)
    {
        lock (_line)
        {
            if (value != '\n')
            {
                _line.Append(value);
                return;
            }

            var line = _line.ToString();
            _line.Clear();
            if (_ofError && !line.StartsWith('['))
            {
                _errors[^1] += " " + line;
            }

            _ofError = (line.Contains(" ERR]", StringComparison.Ordinal) || line.Contains(" FTL]", StringComparison.Ordinal)) && !line.Contains(Drained, StringComparison.Ordinal);
            if (_ofError)
            {
                _errors.Add(line);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        System.Console.SetError(_before);
        base.Dispose(disposing);
    }
}
