using System.Diagnostics;
using System.Globalization;
using Mana.Passwords;
using Mana.Specs.World;
using Microsoft.Extensions.DependencyInjection;

namespace Mana.Specs.Faults;

/// <summary>
/// ENU-01 to ENU-04: neither the words of an answer nor its time tell whether somebody is here, or how their password is stored. Words are
/// compared always; times only when rounds are asked for, because a suite that runs beside others measures the others.
/// </summary>
[Trait("Category", "Faults")]
public sealed class Telling_nobody_who_is_here(Telling_nobody_who_is_here.DiscreetHouse house)
    : IClassFixture<Telling_nobody_who_is_here.DiscreetHouse>
{
    private const int TriesMeasured = 500;

    private const int TriesCompared = 4;

    private const int WarmUps = 20;

    private const double MillisecondsMax = 2;

    private const double ShareMax = 0.05;

    // Recorded from the running reference; the password is "password1234".
    private const string Scrypt =
        "53a72236a74046a170a65bbc9d702a35:d61bd5eaf61315ad643f6698fdec20d0ad0c8dfee4dcf27fb45b5f86128db3237e0caac5f029698976b23f25f2eeb3899f0e4467477c19ad11cb568f064a3350";

    [Theory]
    [InlineData("/api/v1/auth/login")]
    [InlineData("/api/auth/sign-in/email")]
    public async Task ENU_02_a_failing_sign_in(string path)
    {
        var (own, imported) = (await Registered(), await Registered());
        await house.Database.Tamper(
            "update auth.passwords p set hashed_password = $2 from auth.users u where u.id = p.user_id and u.email = $1",
            imported,
            Scrypt
        );
        await house.Services.GetRequiredService<StoredFormats>().Look(CancellationToken.None);

        await Compare(
            path,
            401,
            ("wrong", () => new { email = own, password = Phrases.Wrong }),
            ("unknown", () => new { email = house.Stranger().Email, password = Phrases.Wrong }),
            ("imported", () => new { email = imported, password = Phrases.Wrong })
        );
    }

    [Theory]
    [InlineData("/api/v1/auth/register", 201)]
    [InlineData("/api/auth/sign-up/email", 200)]
    public async Task ENU_04_signing_up(string path, int status)
    {
        var known = await Registered();

        await Compare(path, status, ("known", () => SignUp(known)), ("new", () => SignUp(house.Stranger().Email)));

        static object SignUp(string email) =>
            new
            {
                email,
                password = Phrases.Right,
                name = "Somebody",
            };
    }

    [Theory]
    [InlineData("/api/v1/auth/forgot-password")]
    [InlineData("/api/auth/request-password-reset")]
    public Task ENU_03_asking_for_a_new_password(string path) => AskForMail(path);

    [Theory]
    [InlineData("/api/v1/auth/resend-verification")]
    [InlineData("/api/auth/send-verification-email")]
    public Task ENU_03_asking_for_a_mail(string path) => AskForMail(path);

    private async Task AskForMail(string path)
    {
        var known = await Registered();

        await Compare(path, 200, ("known", () => new { email = known }), ("unknown", () => new { email = house.Stranger().Email }));
    }

    /// <summary>Interleaved, so that whatever else the machine does falls on all classes alike.</summary>
    private async Task Compare(string path, int status, params (string Name, Func<object> Body)[] classes)
    {
        var times = classes.ToDictionary(kind => kind.Name, _ => new List<double>());
        var shapes = new HashSet<string>(StringComparer.Ordinal);
        var tries = Measure.IsFull ? TriesMeasured : TriesCompared;
        for (var count = -(Measure.IsFull ? WarmUps : 0); count < tries; count++)
        {
            for (var turn = 0; turn < classes.Length; turn++)
            {
                var (name, body) = classes[(turn + Math.Abs(count)) % classes.Length];
                var sent = body();
                var started = Stopwatch.GetTimestamp();
                var reply = await house.Nobody().Post(path, sent);
                var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                shapes.Add(Shapes.Of(reply.Expect(status)));
                if (count >= 0)
                {
                    times[name].Add(took);
                }
            }
        }

        Assert.Single(shapes);
        var medians = times.ToDictionary(kind => kind.Key, kind => Median(kind.Value));
        var figures = medians.Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Key} {kind.Value:F2} ms"));
        Measure.Tell($"{path}, {tries} tries each: {string.Join(", ", figures)}");
        if (Measure.IsFull)
        {
            var (least, most) = (medians.Values.Min(), medians.Values.Max());
            Assert.InRange(most - least, 0, Math.Max(MillisecondsMax, least * ShareMax));
        }
    }

    private async Task<string> Registered()
    {
        var email = house.Stranger().Email;
        (await house.Nobody().Post("/api/v1/auth/register", new { email, password = Phrases.Right })).Expect(201);

        return email;
    }

    private static double Median(List<double> times)
    {
        times.Sort();

        return times[times.Count / 2];
    }

    /// <summary>A house as in Production that keeps to itself who is in it; limits are off, or nobody could ask so often.</summary>
    public sealed class DiscreetHouse : House
    {
        protected override void Configure(Dictionary<string, string> environment)
        {
            environment["REGISTRATION_DISCLOSURE"] = "hidden";
            environment["REQUIRE_EMAIL_VERIFICATION"] = "on";
        }
    }
}
