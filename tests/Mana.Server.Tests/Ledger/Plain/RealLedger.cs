using Mana.Credits;
using Mana.Gifts;
using Mana.Ledger;
using Mana.Ledger.Proofs;
using Mana.Platform;
using Mana.Platform.Database;
using Mana.Specs.World;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Mana.Specs.Ledger.Plain;

/// <summary>
/// The verbs of the service on a real database with the roles and policies of production; there is no HTTP, and commits do not wait for the
/// disk. One walk at a time has it for itself and finds it empty.
/// </summary>
public sealed class RealLedger : IAsyncDisposable
{
    private static readonly CreditSettings Settings = new(150, 5, 2_048, SealLog: null);

    private static readonly Scope Looking = Scope.Service("compare with the reference ledger");

    private readonly Database _database;

    private readonly NpgsqlDataSource _source;

    private readonly SpendQueue _queue;

    private readonly ReadBalance _balance;

    private readonly SealBooks _seal;

    private readonly CheckBooks _check;

    private RealLedger(Database database)
    {
        _database = database;
        _source = DataSources.Create(new DatabaseSettings(database.AppUrl, null, false, 8));
        Db = new Db(_source, new LongLimit(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(60)));
        var people = new PersonalLedger(Db, Settings, new OpeningGrant(Settings), Clock);
        _queue = new SpendQueue(Db, new SpendBatch(Settings, people, Clock), Settings);
        _balance = new ReadBalance(Db, Settings, people, Clock);
        var secrets = new SecretSettings("a secret of specs that nobody else has", null, SecretSettings.DevelopmentKek, "k", [], "unused");
        var codes = new GiftCodes(secrets);
        var sealer = secrets.Sealer();
        var heads = new HeadLog(Settings, Clock, NullLogger<HeadLog>.Instance);
        _seal = new SealBooks(Db, new SealKeys(Db, sealer, Clock), heads, Clock);
        _check = new CheckBooks(Db, sealer, TimeSpan.Zero);
        Spend = new SpendCredits(_queue);
        Refund = new RefundCredits(people);
        Grant = new GrantCredits(people);
        Reserve = new ReserveCredits(people);
        End = new EndReservation(Db, people);
        Expire = new ExpireCredits(Db, Clock);
        Past = new ReadPastBalance(Db, _balance, Clock);
        CreateGift = new CreateGift(people, codes);
        RedeemGift = new RedeemGift(Db, people, codes, Clock);
        CancelGift = new CancelGift(Db, people);
        Pool = new OrganizationPool(Db, Clock);
        Allocate = new AllocateCredits(people);
    }

    public FakeClock Clock { get; } = new();

    public Db Db { get; }

    public SpendCredits Spend { get; }

    public RefundCredits Refund { get; }

    public GrantCredits Grant { get; }

    public ReserveCredits Reserve { get; }

    public EndReservation End { get; }

    public ExpireCredits Expire { get; }

    public ReadPastBalance Past { get; }

    public CreateGift CreateGift { get; }

    public RedeemGift RedeemGift { get; }

    public CancelGift CancelGift { get; }

    public OrganizationPool Pool { get; }

    public AllocateCredits Allocate { get; }

    public static async Task<RealLedger> Open()
    {
        var database = await Databases.Create();
        await database.Tamper($"alter database {database.Name} set synchronous_commit = off");
        var ledger = new RealLedger(database);
        await ledger._queue.StartAsync(CancellationToken.None);
        await ledger._balance.StartAsync(CancellationToken.None);

        return ledger;
    }

    public async ValueTask DisposeAsync()
    {
        await _queue.StopAsync(CancellationToken.None);
        await _balance.StopAsync(CancellationToken.None);
        await _source.DisposeAsync();
        await Databases.Drop(_database.Name);
    }

    /// <summary>Empties the books and lets people and pools exist.</summary>
    public async Task Begin(IEnumerable<string> people, IEnumerable<string> pools)
    {
        await _database.Tamper(
            """
            do $$
            begin
                execute (
                    select 'truncate auth.users, ' || string_agg(format('credits.%I', tablename), ', ') || ' cascade'
                    from pg_tables
                    where schemaname = 'credits' and tablename not in ('packages', 'clusters', 'seal_keys'));
            end
            $$
            """
        );
        foreach (var person in people)
        {
            await _database.Tamper(
                "insert into auth.users (id, name, email, created_at, updated_at) values ($1, $1, $1 || '@example.com', $2, $2)",
                person,
                Clock.GetUtcNow().UtcDateTime
            );
        }

        foreach (var pool in pools)
        {
            await Db.Transact<Done>(
                Looking,
                async tx =>
                {
                    await tx.Run(OrganizationBalance.Open(new OwnerId(pool), Clock.Now()));
                    return Done.Yes;
                },
                CancellationToken.None
            );
        }
    }

    /// <summary>Seals what there is and checks everything; whoever else writes in this cluster is waited for.</summary>
    public async Task<IReadOnlyList<BookFault>> Faults()
    {
        for (var tries = 0; ; tries++)
        {
            await _seal.Run(CancellationToken.None);
            var faults = (await _check.Run(CancellationToken.None)).Faults;
            if (tries == 100 || faults.Count == 0 || faults.Any(fault => fault.Rule != "a row is not sealed"))
            {
                return faults;
            }

            await Task.Delay(50);
        }
    }

    public Task<Outcome<LedgerAccount>> Read(string who) => _balance.Run(new UserId(who), CancellationToken.None).AsTask();

    /// <summary>Every account, in the words of the reference ledger.</summary>
    public async Task<Dictionary<string, (string State, long Version)>> States()
    {
        var rows = await Db.All<LedgerAccount>(
            Looking,
            $"""
            select owner_id, owner_kind, free, paid, held, earned, spent, version, daily_granted_at, expires_at
            from credits.accounts
            """,
            CancellationToken.None
        );

        return rows.ToDictionary(
            row => row.Owner.Value,
            row => ($"free {row.Free} paid {row.Paid} held {row.Held} earned {row.Earned} spent {row.Spent}", row.Version)
        );
    }

    /// <summary>Everything in the books, for whoever recomputes it.</summary>
    public async Task<List<object[]>> Rows(string sql)
    {
        await using var connection = await _database.AsAdmin();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<object[]>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }
}
