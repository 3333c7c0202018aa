using Anpr.Hub.Audit;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Bookings;

/// <summary>Forgets bookings 30 days after their crossing, once an hour.</summary>
internal sealed partial class BookingEnd(BookingBook bookings, AuditLog audit, TimeProvider time, ILogger<BookingEnd> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                if (await bookings.ForgetAsync() is > 0 and var gone)
                {
                    audit.Append("hub", "bookings.forget", result: $"{gone} bookings, {BookingBook.Kept.TotalDays:0} days after their crossing");
                }
            }
            catch (Exception error) when (error is StoreFailedException or AuditFailedException or IOException)
            {
                LogFailed(logger, error); // the next round may do
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Old bookings could not be forgotten")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
