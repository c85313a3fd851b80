using Mana.Platform.Database;
using Npgsql;

namespace Mana.Ledger.Proofs;

/// <summary>A history row with its hash.</summary>
internal sealed record HashedRow(LedgerTransaction Row, long? Reverses, byte[] Hash, byte[]? TextDigest, long Xid) : IRow<HashedRow>
{
    public static HashedRow Read(NpgsqlDataReader row) =>
        new(
            LedgerTransaction.Read(row),
            row.IsDBNull(16) ? null : row.GetInt64(16),
            row.GetFieldValue<byte[]>(17),
            row.IsDBNull(18) ? null : row.GetFieldValue<byte[]>(18),
            row.GetInt64(19)
        );

    /// <param name="without">Owners whose rows are passed over.</param>
    public static Sql Page(string owner, long seq, int rows, string[] without) =>
        $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at, reverses, hash, text_digest, xid
            from credits.transactions
            where (owner_id, seq) > ({owner}, {seq}) and owner_id <> all({without})
            order by owner_id, seq
            limit {rows}
            """;

    public static Sql HashAt(string owner, long seq) => $"select hash from credits.transactions where owner_id = {owner} and seq = {seq}";

    public static Sql Of(string owner, Guid id) =>
        $"""
            select owner_id, seq, id, type::text, status::text, amount, balance_before, balance_after, app_id, description,
                organization_id, metadata::text, idempotency_key, fingerprint, created_at, completed_at, reverses, hash, text_digest, xid
            from credits.transactions
            where owner_id = {owner} and id = {id}
            """;
}
