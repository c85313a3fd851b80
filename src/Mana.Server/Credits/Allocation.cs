using Mana.Ledger;
using Mana.Platform;
using Mana.Platform.Database;
using Npgsql;

namespace Mana.Credits;

/// <summary>Credits an organisation gave to a member, or took back (then negative). Immutable.</summary>
/// <param name="By">Who did it; null once that person is erased.</param>
/// <param name="BalanceBefore">The member's paid credits.</param>
public sealed record Allocation(
    Guid Id,
    OwnerId OrganizationId,
    UserId MemberId,
    long Amount,
    UserId? By,
    string Reason,
    long BalanceBefore,
    long BalanceAfter,
    DateTimeOffset CreatedAt
) : IRow<Allocation>
{
    public static Allocation Read(NpgsqlDataReader row) =>
        new(
            row.GetGuid(0),
            new OwnerId(row.GetString(1)),
            new UserId(row.GetString(2)),
            row.GetInt64(3),
            row.IsDBNull(4) ? null : new UserId(row.GetString(4)),
            row.GetString(5),
            row.GetInt64(6),
            row.GetInt64(7),
            row.GetFieldValue<DateTimeOffset>(8)
        );

    /// <summary>The newest of an organisation.</summary>
    public static Sql Newest(OwnerId organization, int limit) =>
        $"""
            select id, organization_id, employee_id, amount, allocated_by, reason, balance_before, balance_after, created_at
            from credits.credit_allocations
            where organization_id = {organization}
            order by created_at desc, id desc
            limit {limit}
            """;

    public static Sql ById(OwnerId organization, Guid id) =>
        $"""
            select id, organization_id, employee_id, amount, allocated_by, reason, balance_before, balance_after, created_at
            from credits.credit_allocations
            where organization_id = {organization} and id = {id}
            """;

    /// <summary>What a member was given and did not give back.</summary>
    public static Sql Left(OwnerId organization, UserId member) =>
        $"""
            select coalesce(sum(amount), 0)::bigint
            from credits.credit_allocations
            where organization_id = {organization} and employee_id = {member}
            """;

    public Sql Insert() =>
        $"""
            insert into credits.credit_allocations (
                organization_id, employee_id, id, amount, allocated_by, reason, balance_before, balance_after, created_at)
            values ({OrganizationId}, {MemberId}, {Id}, {Amount}, {By}, {Reason}, {BalanceBefore}, {BalanceAfter}, {CreatedAt})
            """;
}
