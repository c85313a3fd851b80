using System.Text.Json;
using Mana.Ledger;
using Mana.Platform.Http;

namespace Mana.Credits;

/// <summary>How reservations and gifts show in the history: set aside, then committed, released or expired.</summary>
public static class HoldEntries
{
    public static Entry Set(string appId, string reason, string? key, byte[]? fingerprint, Guid id) =>
        new("usage", appId, reason, Metadata(id), key, fingerprint, Status: "pending");

    public static Entry Committed(Hold hold, string description) => new("usage", hold.AppId, description, Metadata(hold.Id));

    /// <summary>Of either kind.</summary>
    public static Entry Released(Hold hold) =>
        hold.Kind == HoldKinds.Gift
            ? new("refund", hold.AppId, "Gift code cancelled", OfGift(hold.Id))
            : new("refund", hold.AppId, "Reservation released", Metadata(hold.Id));

    /// <summary>Of either kind: what nobody ended is posted when its time has come.</summary>
    public static Entry Expired(Hold hold) =>
        hold.Kind == HoldKinds.Gift
            ? new("refund", hold.AppId, "Gift code expired", OfGift(hold.Id))
            : new("refund", hold.AppId, "Reservation expired", Metadata(hold.Id));

    /// <summary>What every row about a gift carries, the giver's and the receiver's.</summary>
    public static string OfGift(Guid id) => JsonSerializer.Serialize(new { giftId = id }, WireJson.Options);

    private static string Metadata(Guid id) => JsonSerializer.Serialize(new { reservationId = id }, WireJson.Options);
}
