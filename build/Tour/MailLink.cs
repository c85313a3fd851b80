using System.Net;
using System.Text.RegularExpressions;

namespace Mana.Build.Tour;

/// <summary>Proves a mailbox the way a person does: reads the mail on the development mailbox page, opens its link, presses the button.</summary>
internal static partial class MailLink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The link of the newest mail to this address, or null when none came in time.</summary>
    public static async Task<string?> Find(Visitor visitor, string email, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            var mailbox = await visitor.Get("/dev/mail.json");
            var mails = mailbox.Json?.AsArray().Where(mail => mail?["to"]?.ToString() == email) ?? [];
            if (mails.Select(mail => Link().Match(mail?["text"]?.ToString() ?? "")).FirstOrDefault(link => link.Success) is { } link)
            {
                return link.Value;
            }
            await Task.Delay(Pause, stop);
        }
        return null;
    }

    /// <summary>Opens the link. When it shows a form instead of acting, fills in the password where asked and sends it.</summary>
    public static async Task<Exchange> Follow(Visitor visitor, string link, string password)
    {
        var page = await visitor.Get(link);
        if (Form().Match(page.Body) is not { Success: true } form)
        {
            return page;
        }
        var fields = Input()
            .Matches(form.Groups["inside"].Value)
            .Select(input => input.Value)
            .Where(input => Attribute(input, "name").Length > 0)
            .Select(input =>
                KeyValuePair.Create(Attribute(input, "name"), Attribute(input, "type") == "password" ? password : Attribute(input, "value"))
            );
        var action = Attribute(form.Groups["head"].Value, "action");
        return await visitor.Submit(action.Length > 0 ? action : link, fields);
    }

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $"\\b{name}\\s*=\\s*\"([^\"]*)\"", RegexOptions.IgnoreCase).Groups[1].Value);

    [GeneratedRegex(@"https?://\S+token=\S+")]
    private static partial Regex Link();

    [GeneratedRegex("""<form(?<head>[^>]*method="post"[^>]*)>(?<inside>.*?)</form>""", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<(?:input|button)[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Input();
}
