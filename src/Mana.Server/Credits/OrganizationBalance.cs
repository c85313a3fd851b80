using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Credits;

/// <summary>The pool of an organisation (ruling 18a).</summary>
/// <param name="Balance">Everything that belongs to it, allocated or not.</param>
/// <param name="Allocated">What its members were given and did not give back.</param>
/// <param name="Available">What may still be allocated.</param>
/// <param name="TotalAllocated">All that was ever given to members, also what came back.</param>
public sealed record OrganizationBalance(long Balance, long Allocated, long Available, long TotalPurchased, long TotalAllocated)
    : IRow<OrganizationBalance>
{
    public static OrganizationBalance Read(NpgsqlDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));

    public static Sql Of(OwnerId organization) =>
        $"""
            select balance, allocated_credits, available_credits, total_purchased, total_allocated
            from credits.organization_balances
            where organization_id = {organization}
            """;

    /// <summary>In the words of the contract (1.3.5).</summary>
    public static Refusal Insufficient(long available, long requested) =>
        Refusals.InsufficientPool.With(("required", requested), ("available", available)) with
        {
            Message = $"Insufficient organization credits. Available: {available}, Requested: {requested}",
        };

    /// <summary>The row of a new organisation, for the transaction that creates it.</summary>
    public static Sql[] Open(OwnerId organization, DateTimeOffset now) =>
        Writing.Open(Holdings.New(LedgerAccount.Empty(organization, LedgerAccount.Organization, now)), [], now);
}
