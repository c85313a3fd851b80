using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Mana.Protocols.Sealing;

namespace Mana.Protocols.Tests.Sealing;

public sealed class Sealing_values
{
    private const string Root = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    private static readonly Kek Active = Kek.Parse("env-v1", Root);
    private static readonly Kek Other = Kek.Parse("env-v2", "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=");
    private static readonly SealContext Context = new("totp", "auth.two_factor.secret", "user-1");
    private static readonly Sealer Sealer = new(Active, []);

    // Made with Python's cryptography: HKDF, AES-256-GCM and the length-prefixed context, written from the format's description.
    [Fact]
    public void An_envelope_made_elsewhere_from_the_same_description_opens() =>
        Assert.Equal(
            "a secret",
            Encoding.UTF8.GetString(Sealer.Open("v2.env-v1.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx", Context)!)
        );

    [Fact]
    public void What_is_sealed_opens_again() =>
        Prop.ForAll<byte[]>(bytes => Sealer.Open(Sealer.Seal(bytes, Context), Context)!.AsSpan().SequenceEqual(bytes))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void The_same_value_is_never_sealed_twice_the_same() =>
        Assert.Equal(100, Enumerable.Range(0, 100).Select(_ => Sealer.Seal("x"u8, Context)).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void No_changed_character_of_an_envelope_opens()
    {
        var envelope = Sealer.Seal("twenty bytes of text"u8, Context);

        for (var position = 0; position < envelope.Length; position++)
        {
            foreach (var letter in "AZaz09-_.=+/ é")
            {
                var changed = envelope[..position] + letter + envelope[(position + 1)..];
                Assert.True(changed == envelope || Sealer.Open(changed, Context) is null, $"{position}: {letter}");
            }
        }
    }

    [Fact]
    public void An_envelope_opens_only_in_its_own_context()
    {
        var envelope = Sealer.Seal("x"u8, Context);

        Assert.NotNull(Sealer.Open(envelope, Context with { }));
        Assert.Null(Sealer.Open(envelope, Context with { Purpose = "vault" }));
        Assert.Null(Sealer.Open(envelope, Context with { Column = "auth.two_factor.backup" }));
        Assert.Null(Sealer.Open(envelope, Context with { Owner = "user-2" }));
        // The same letters cut elsewhere.
        Assert.Null(Sealer.Open(envelope, Context with { Column = "auth.two_factor.secretu", Owner = "ser-1" }));
    }

    [Fact]
    public void Old_keys_open_and_only_the_active_one_seals()
    {
        var old = Sealer.Seal("x"u8, Context);
        var rotated = new Sealer(Other, [Active]);

        Assert.Equal("env-v2", rotated.ActiveKeyId);
        Assert.Equal("x"u8.ToArray(), rotated.Open(old, Context));
        Assert.StartsWith("v2.env-v2.", rotated.Seal("x"u8, Context), StringComparison.Ordinal);
        Assert.Null(Sealer.Open(rotated.Seal("x"u8, Context), Context));
    }

    [Fact]
    public void The_right_id_with_another_key_opens_nothing() =>
        Assert.Null(new Sealer(new Kek("env-v1", Other.Key), []).Open(Sealer.Seal("x"u8, Context), Context));

    [Theory]
    [InlineData("")]
    [InlineData("v2")]
    [InlineData("v2.env-v1")]
    [InlineData("v2.env-v1.")]
    [InlineData("v2.env-v1.AAAA")]
    [InlineData("v1.env-v1.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx")]
    [InlineData("v2.env-v9.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx")]
    [InlineData("v2..AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx")]
    [InlineData("v2.env-v1.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx.x")]
    [InlineData("v2.env-v1.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx=")]
    [InlineData(" v2.env-v1.AAECAwQFBgcICQoLd6orRZ64QFL94Z1-wLFSBDwi15MsHkdx")]
    public void What_is_no_envelope_opens_nothing(string envelope) => Assert.Null(Sealer.Open(envelope, Context));

    [Fact]
    public void There_is_a_longest_value()
    {
        var longest = new byte[Sealer.MaxPlaintextLength];

        Assert.Equal(longest, Sealer.Open(Sealer.Seal(longest, Context), Context));
        Assert.Throws<ArgumentException>(() => Sealer.Seal(new byte[longest.Length + 1], Context));
        Assert.Null(Sealer.Open("v2.env-v1." + new string('A', 1_000_000), Context));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ENV")]
    [InlineData("env_v1")]
    [InlineData("env.v1")]
    [InlineData("an-id-that-is-longer-than-thirty2")]
    public void A_KEK_id_is_a_short_plain_name(string id) => Assert.Throws<ArgumentException>(() => Kek.Parse(id, Root));

    [Theory]
    [InlineData("")]
    [InlineData("no base64!")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEA==")]
    [InlineData("AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=")]
    public void A_KEK_of_the_wrong_length_or_of_equal_bytes_is_refused_without_showing_it(string base64)
    {
        var fault = Assert.Throws<ArgumentException>(() => Kek.Parse("env-v1", base64));

        Assert.True(base64.Length == 0 || !fault.ToString().Contains(base64, StringComparison.Ordinal));
    }

    [Fact]
    public void A_KEK_prints_no_key_and_two_cannot_share_an_id()
    {
        Assert.Equal("Kek env-v1 ***", Active.ToString());
        Assert.Throws<ArgumentException>(() => new Sealer(Active, [new Kek("env-v1", Other.Key)]));
    }

    [Fact]
    public void An_envelope_names_its_key()
    {
        Assert.Equal("env-v1", Sealer.KeyIdOf(Sealer.Seal("x"u8, Context)));
        Assert.Null(Sealer.KeyIdOf("v1.env-v1.AAAA"));
        Assert.Null(Sealer.KeyIdOf("nothing"));
    }
}
