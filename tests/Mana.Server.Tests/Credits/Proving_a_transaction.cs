using System.Text.Json;
using System.Text.Json.Nodes;
using Mana.Operations;
using Mana.Specs.World;

namespace Mana.Specs.Credits;

/// <summary>Anybody can show that a row of theirs stands in the sealed books, to somebody who trusts a public key and nothing else.</summary>
public sealed class Proving_a_transaction(House house) : IClassFixture<House>
{
    [Fact]
    public async Task Every_kind_of_row_gets_a_receipt_that_holds_offline()
    {
        var alice = await house.Person("alice");
        var service = house.Service();
        var spent = (await alice.Use(10, key: "k")).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        (await service.Grant(alice, 40, "r", expiresAt: house.Clock.GetUtcNow().AddDays(3))).Expect(200);
        (await service.Refund(alice, spent, 4)).Expect(200);
        var hold = (await service.Reserve(alice, 60)).Expect(200).Text("reservationId");
        (await service.Commit(hold, 55)).Expect(200);
        await KeptBooks.Sealed(house.Database);
        var rows = (await alice.Get("/api/v1/credits/transactions")).Expect(200).Json.EnumerateArray().ToArray();
        Assert.Equal(6, rows.Length);

        foreach (var row in rows)
        {
            var receipt = await Receipt(alice, row.GetProperty("id").GetString()!);

            var (exitCode, output) = await Verify(receipt.Body);
            Assert.True(exitCode == 0, output);
            Assert.Contains($"transaction {row.GetProperty("id").GetString()}", output, StringComparison.Ordinal);
            Assert.DoesNotContain(alice.Id, receipt.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_receipt_among_many_histories_and_many_rows_holds()
    {
        var people = await Task.WhenAll(Enumerable.Range(0, 7).Select(number => house.Person($"p{number}")));
        await KeptBooks.Sealed(house.Database);
        await using (var pause = await house.Database.AsAdmin())
        {
            await using var hold = new Npgsql.NpgsqlCommand("select pg_advisory_lock(987654327)", pause);
            await hold.ExecuteNonQueryAsync();
            await Task.WhenAll(people.SelectMany(person => Enumerable.Range(0, 5).Select(_ => person.Use(1))));
        }

        await KeptBooks.Sealed(house.Database);
        foreach (var person in people)
        {
            var rows = (await person.Get("/api/v1/credits/transactions")).Expect(200).Json.EnumerateArray().ToArray();
            var oldest = await Receipt(person, rows[4].GetProperty("id").GetString()!);
            Assert.Equal(4, oldest.Json.GetProperty("following").GetArrayLength());
            Assert.True(oldest.Json.GetProperty("path").GetArrayLength() >= 2);
            Assert.Equal(0, (await Verify(oldest.Body)).ExitCode);
        }
    }

    [Theory]
    [InlineData("row.amount", "-9")]
    [InlineData("row.balanceAfter", "141")]
    [InlineData("row.createdAt", "1")]
    [InlineData("row.appId", "\"casino\"")]
    [InlineData("row.seq", "3")]
    [InlineData("row.transfers", "[]")]
    [InlineData("texts.description", "\"a hotel\"")]
    [InlineData("texts.holdReason", "\"a hotel\"")]
    [InlineData("texts.salt", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("textDigest", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("previous", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("leafIndex", "7")]
    [InlineData("seal.root", "\"0000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("seal.sealedAt", "1")]
    [InlineData("seal.number", "99")]
    [InlineData("seal.keyId", "\"another\"")]
    [InlineData("seal.signature", "\"AAAA\"")]
    [InlineData("seal.keyId", "\"\\u001b[2J\"")]
    [InlineData("seal.sealedAt", "9223372036854775807")]
    [InlineData("seal.sealedAt", "-9223372036854775808")]
    [InlineData("seal.leaves", "-2147483648")]
    [InlineData("row.createdAt", "9223372036854775807")]
    [InlineData("row.completedAt", "900000000000000000")]
    [InlineData("row.seq", "9223372036854775807")]
    [InlineData("row.lots", "[null]")]
    [InlineData("following", "[null]")]
    [InlineData("path", "[\"x\"]")]
    [InlineData("leafIndex", "-1")]
    [InlineData("format", "\"mana-receipt-v2\"")]
    public async Task A_receipt_of_which_anything_was_changed_does_not_hold(string member, string value)
    {
        var receipt = await Changed(member, value);

        var (exitCode, output) = await Verify(receipt.ToJsonString());

        Assert.Equal(1, exitCode);
        Assert.Contains("does not hold", output, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("row.amount", "\"-10\"")]
    [InlineData("row.amount", "-1e400")]
    [InlineData("row.amount", "92233720368547758070")]
    [InlineData("row.amount", "null")]
    [InlineData("row.id", "\"none\"")]
    [InlineData("row.transfers", "{}")]
    [InlineData("row.hold", "{}")]
    [InlineData("row.hold", "[]")]
    [InlineData("row.surplus", "1")]
    [InlineData("row", "null")]
    [InlineData("texts.description", "null")]
    [InlineData("following", "7")]
    [InlineData("seal", "[]")]
    [InlineData("seal.leaves", "4294967296")]
    public async Task What_is_written_in_another_way_is_no_receipt(string member, string value)
    {
        var receipt = await Changed(member, value);

        await IsNone(receipt.ToJsonString());
    }

    [Fact]
    public async Task A_receipt_that_two_readers_could_read_differently_is_none()
    {
        var receipt = (await Changed("row.amount", "-10")).ToJsonString();

        await IsNone(receipt.Replace("\"amount\":-10", "\"amount\":-1,\"amount\":-10", StringComparison.Ordinal));
        await IsNone(receipt.Replace("\"balanceAfter\":", "\"BalanceAfter\":", StringComparison.Ordinal));
        await IsNone(receipt.Replace("\"reverses\":null,", "", StringComparison.Ordinal));
        await IsNone(new string('[', 100_000));
        await IsNone($"{{\"following\":[{string.Join(',', Enumerable.Repeat("[[]]", 200_000))}]}}");
        await IsNone(new string(' ', 16 * 1024 * 1024 + 1));
        await IsNone("");
        await IsNone("null");
        await IsNone("\"\\ud800\"");
    }

    [Fact]
    public async Task Nobody_gets_a_receipt_of_somebody_else_or_of_nothing()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        var id = (await alice.Use(10)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;

        var foreign = await bob.Get($"/api/v1/credits/transactions/{id}/receipt");
        var unknown = await bob.Get($"/api/v1/credits/transactions/{Guid.NewGuid()}/receipt");
        var malformed = await bob.Get("/api/v1/credits/transactions/none/receipt");

        Assert.All([foreign, unknown, malformed], reply => reply.Expect(404, "NOT_FOUND"));
        (await house.Nobody().Get($"/api/v1/credits/transactions/{id}/receipt")).Expect(401);
    }

    [Fact]
    public async Task A_row_that_finds_no_seal_within_a_second_is_pending()
    {
        var alice = await house.Person("alice");
        await KeptBooks.Sealed(house.Database);
        await using var pause = await house.Database.AsAdmin();
        await using (var hold = new Npgsql.NpgsqlCommand("select pg_advisory_lock(987654327)", pause))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var id = (await alice.Use(10)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;

        var reply = await alice.Get($"/api/v1/credits/transactions/{id}/receipt");

        reply.Expect(409, "RECEIPT_PENDING");
        Assert.Equal("1", reply.Header("Retry-After"));
    }

    [Fact]
    public async Task Of_erased_texts_a_receipt_shows_the_digest_and_holds()
    {
        var alice = await house.Person("alice");
        var id = (await alice.Use(10)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        await KeptBooks.Sealed(house.Database);
        var before = (await Receipt(alice, id)).Json.GetProperty("textDigest").GetString();
        await house.Database.Tamper("select credits.forget_texts($1, $1)", alice.Id);

        var receipt = await Receipt(alice, id);

        Assert.Equal(JsonValueKind.Null, receipt.Json.GetProperty("texts").ValueKind);
        Assert.Equal(before, receipt.Json.GetProperty("textDigest").GetString());
        Assert.Equal(0, (await Verify(receipt.Body)).ExitCode);
    }

    [Fact]
    public async Task A_seal_is_put_together_once_for_all_whose_rows_it_covers()
    {
        var (alice, bob) = (await house.Person("alice"), await house.Person("bob"));
        await KeptBooks.Sealed(house.Database);
        string id;
        await using (var pause = await house.Database.AsAdmin())
        {
            await using var hold = new Npgsql.NpgsqlCommand("select pg_advisory_lock(987654327)", pause);
            await hold.ExecuteNonQueryAsync();
            id = (await alice.Use(1)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
            (await bob.Use(1)).Expect(200);
        }

        await using var books = await KeptBooks.Of(house.Database);
        var first = await Receipt(alice, id);

        // The seal could not be put together from this; alice's proof needs nothing of it.
        await books.Tamper("update credits.transactions set hash = sha256('another') where owner_id = $1 and seq = 2", bob.Id);

        Assert.Equal(first.Body, (await Receipt(alice, id)).Body);
    }

    [Fact]
    public async Task The_command_says_how_it_is_used_when_it_is_not_understood()
    {
        await using var output = new StringWriter();

        Assert.Equal(2, await VerifyReceiptCommand.Run(["nothing.json"], output, CancellationToken.None));
        Assert.Contains("verify-receipt FILE --keys FILE", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<Reply> Receipt(Person person, string id) =>
        (await person.Get($"/api/v1/credits/transactions/{id}/receipt")).Expect(200);

    /// <summary>A receipt of a spending of 10, with one member changed.</summary>
    private async Task<JsonNode> Changed(string member, string value)
    {
        var alice = await house.Person("alice");
        var id = (await alice.Use(10)).Expect(200).Json.GetProperty("transaction").GetProperty("id").GetString()!;
        await KeptBooks.Sealed(house.Database);
        var receipt = JsonNode.Parse((await Receipt(alice, id)).Body)!;
        var parent = receipt;
        var names = member.Split('.');
        foreach (var name in names[..^1])
        {
            parent = parent[name]!;
        }

        parent[names[^1]] = JsonNode.Parse(value);

        return receipt;
    }

    private async Task IsNone(string file)
    {
        var (exitCode, output) = await Verify(file);

        Assert.Equal(1, exitCode);
        Assert.Contains("is not a receipt", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> Verify(string receipt)
    {
        var folder = Directory.CreateTempSubdirectory("mana-receipt-");
        try
        {
            var (file, keys) = (Path.Combine(folder.FullName, "receipt.json"), Path.Combine(folder.FullName, "keys.json"));
            await File.WriteAllTextAsync(file, receipt);
            await File.WriteAllTextAsync(keys, (await house.Nobody().Get("/api/v1/credits/seal-keys")).Expect(200).Body);
            await using var output = new StringWriter();
            var exitCode = await VerifyReceiptCommand.Run([file, "--keys", keys], output, CancellationToken.None);

            return (exitCode, output.ToString());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
