using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;

namespace Anpr.Hub.Tests.Storage;

public sealed class PostgresStoreTests(PostgresFixture postgres) : StoreContract, IClassFixture<PostgresFixture>
{
    private readonly string connection = postgres.Server.NewDatabase();

    private protected override IStore Open(IReadOnlyList<Table> tables) => PostgresStore.Open(connection, tables);
}
