using System.Globalization;
using System.Net.Http.Json;
using Mana.Specs.World;

namespace Mana.Specs.Emails;

/// <summary>EML-08 and EML-13: a newer mail supersedes the earlier ones, and nobody's mailbox can be flooded.</summary>
public sealed class Asking_for_another_link(VerifyingHouse house) : IClassFixture<VerifyingHouse>
{
    [Fact]
    public async Task Of_twenty_links_asked_for_at_once_exactly_one_works()
    {
        var (alice, _, _) = await house.SignUp();

        await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => alice.Post("/api/auth/send-verification-email", new { email = alice.Email }))
        );

        Assert.Equal(
            1,
            await house.Database.Read<long>(
                "select count(*) from auth.verification_tokens t join auth.users u on u.id = t.user_id where u.email = $1 and expires_at > $2",
                alice.Email,
                house.Clock.GetUtcNow().UtcDateTime
            )
        );
        await house.Idle();
        var links = house.Mail.LinksTo(alice.Email).ToArray();
        Assert.InRange(links.Length, 2, 21); // whoever asks while one is being sent gets that one
        var pages = new List<Screen>();
        foreach (var link in links)
        {
            pages.Add(await new Browser(house).Open(link));
        }

        Assert.Single(pages, page => page.Offers("typed"));
        Assert.Equal(links.Length - 1, pages.Count(page => page.Reply.Status == 401));
    }

    [Fact]
    public async Task A_link_proves_the_mailbox_it_was_sent_to_and_no_other()
    {
        var (alice, browser, link) = await house.SignUp();
        await house.Database.Tamper("update auth.users set email = 'moved-' || email where email = $1", alice.Email);

        var page = await browser.Open(link);

        page.Expect(400);
        Assert.Equal("TOKEN_INVALID", page.Document.QuerySelector("main [data-code]")!.GetAttribute("data-code"));
    }

    [Fact]
    public async Task An_address_typed_with_blanks_around_it_gets_one_too()
    {
        var (alice, browser, first) = await house.SignUp();

        (await browser.Post("/verify-email/new-link", new Dictionary<string, string> { ["email"] = $"  {alice.Email} " })).Expect(200);

        Assert.NotEqual(first, await house.LinkAfter(first, alice.Email));
    }

    public sealed class While_limits_are_on(LimitedHouse house) : IClassFixture<LimitedHouse>
    {
        [Fact]
        public async Task A_hundred_requests_from_many_addresses_send_three_mails_in_a_quarter_of_an_hour()
        {
            var alice = house.Stranger();
            await alice.Register("Alice");

            var replies = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Ask(alice, number)));
            Assert.All(replies, reply => reply.Expect(200));

            await house.Idle();
            Assert.Equal(3, house.Mail.LinksTo(alice.Email).Count());
            house.Clock.Move(TimeSpan.FromMinutes(16));
            (await Ask(alice, 100)).Expect(200);
            await house.Idle();
            Assert.Equal(4, house.Mail.LinksTo(alice.Email).Count());
        }

        private static Task<Reply> Ask(Person person, int number) =>
            person.Send(
                HttpMethod.Post,
                "/api/auth/send-verification-email",
                JsonContent.Create(new { email = person.Email }),
                ("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"198.51.100.{number}"))
            );
    }
}
