using Anpr.Hub.Audit;

namespace Anpr.Hub.Bookings;

/// <summary>Forgets bookings 30 days after their crossing, once an hour.</summary>
internal sealed partial class BookingEnd(BookingBook bookings, AuditLog audit, TimeProvider time, ILogger<BookingEnd> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await ForgetAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException)
        {
            // the hub stops; a start that failed would otherwise be told as a failure of this
        }
    }

    private async Task ForgetAsync()
    {
        try
        {
            if (await bookings.ForgetAsync() is > 0 and var gone)
            {
                audit.Append("hub", "bookings.forget", result: $"{BookingBook.Kept.TotalDays:0} days after their crossing", records: gone);
            }
        }
        catch (Exception error) when (error is IOException)
        {
            LogFailed(logger, error); // the next round may do
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Old bookings could not be forgotten")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
