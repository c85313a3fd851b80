using System.Net;

namespace Mana.Platform.Mail;

/// <summary>
/// How every letter looks. Mail programs know little of stylesheets, so what matters stands at the element; the block in the head adds what
/// some of them know, the dark look. Nothing is loaded from anywhere: a letter that fetches a picture tells when it was read.
/// </summary>
public static class LetterLayout
{
    private const string Text = "margin:0 0 16px;font-size:16px;line-height:1.5";

    private const string Quiet = "margin:24px 0 0;padding:20px 0 0;border-top:1px solid #e3e0d8;font-size:14px;color:#565a6e";

    /// <param name="title">What programs show that read a letter out.</param>
    /// <param name="first">Markup of the language that comes first, with the button.</param>
    public static string Page(string title, string first, string second) =>
        $$"""
            <!doctype html>
            <html lang="de">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>{{Escaped(title)}}</title>
            <style>
            @media (prefers-color-scheme: dark) {
              .page { background: #11121a !important; color: #eeedf4 !important; }
              .card { background: #191b26 !important; border-color: #2d3040 !important; }
              .quiet { border-color: #2d3040 !important; color: #a6a9bc !important; }
            }
            </style>
            </head>
            <body class="page" style="margin:0;padding:24px 16px;background:#f5f3ee;color:#191b2a;font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere">
            <div class="card" style="max-width:520px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #e3e0d8;border-radius:14px">
            <p style="margin:0 0 24px;font-size:18px;font-weight:600">Mana</p>
            {{first}}
            <div class="quiet" lang="en" style="{{Quiet}}">
            {{second}}
            </div>
            </div>
            </body>
            </html>
            """;

    /// <returns>Nothing for no words.</returns>
    public static string Paragraph(string words) => words.Length == 0 ? "" : $"""<p style="{Text}">{Escaped(words)}</p>""";

    public static string Button(string link, string label) =>
        $"""
            <p style="margin:24px 0"><a href="{Escaped(
                link
            )}" style="display:inline-block;padding:12px 20px;border-radius:10px;background:#3a36a6;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none">{Escaped(
                label
            )}</a></p>
            """;

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
