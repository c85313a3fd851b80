using Mana.Platform.Http;

namespace Mana.Me.V1;

/// <summary>The member <c>image</c> of both profile routes: an address browsers load a picture from, or null.</summary>
public static class Pictures
{
    public static string? Parse(Fields fields)
    {
        var address = fields.ClearableText("image", ProfileChange.ImageLengthMax);
        if (address is not null && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && OriginPattern.IsWeb(uri.Scheme)))
        {
            fields.Note("image", "Invalid URL", "must be an http or https address, or null");
        }

        return address;
    }
}
