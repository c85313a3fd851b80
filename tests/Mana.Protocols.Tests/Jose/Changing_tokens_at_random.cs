using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;
using Mana.Protocols.Jose;

namespace Mana.Protocols.Tests.Jose;

/// <summary>Properties over generated claims, tokens and rubbish.</summary>
public sealed class Changing_tokens_at_random
{
    [Fact]
    public void No_changed_character_anywhere_leaves_the_token_valid()
    {
        const string letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0é";
        var changes =
            from claims in AnyClaims()
            let token = Forge.Signer.Mint(claims)
            from position in Gen.Choose(0, token.Length - 1)
            from letter in Gen.Elements(letters.ToCharArray())
            where token[position] != letter
            select (Claims: claims, Token: token[..position] + letter + token[(position + 1)..]);

        Prop.ForAll(changes.ToArbitrary(), change => Forge.Ask(change.Token, change.Claims.IssuedAt, out _) != TokenFault.None)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Every_minted_token_verifies_as_what_it_was_minted_from() =>
        Prop.ForAll(
                AnyClaims().ToArbitrary(),
                claims => Forge.Ask(Forge.Signer.Mint(claims), claims.IssuedAt, out var read) == TokenFault.None && read == claims
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_rubbish_makes_the_verifier_throw() =>
        Prop.ForAll<byte[], byte[]>(
                (header, payload) =>
                    Forge.Ask(Forge.SignSegments(Base64Url.EncodeToString(header), Base64Url.EncodeToString(payload))) != TokenFault.None
                    && Forge.Ask(Forge.SignSegments(Forge.Encode(Forge.Header), Base64Url.EncodeToString(payload))) != TokenFault.None
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static Gen<AccessTokenClaims> AnyClaims() =>
        from subject in AnyText(1)
        from email in AnyText(0)
        from role in AnyText(0)
        from session in AnyText(1)
        from issuedAt in Gen.Choose(0, int.MaxValue)
        from life in Gen.Choose(1, 900)
        let instant = DateTimeOffset.FromUnixTimeSeconds(issuedAt)
        select new AccessTokenClaims(subject, email, role, session, instant, instant.AddSeconds(life), "manacore", "manacore");

    private static Gen<string> AnyText(int least) =>
        from length in Gen.Choose(least, 40)
        from letters in Gen.Choose(0, 0xD7FF).Select(code => (char)code).ArrayOf(length)
        select new string(letters);
}
