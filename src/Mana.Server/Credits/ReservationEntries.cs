using System.Text.Json;
using Mana.Ledger;
using Mana.Platform.Http;

namespace Mana.Credits;

/// <summary>How reservations show in the history: set aside, then committed, released or expired.</summary>
public static class ReservationEntries
{
    public static Entry Set(string appId, string reason, string? key, byte[]? fingerprint, Guid id) =>
        new("usage", appId, reason, Metadata(id), key, fingerprint, Status: "pending");

    public static Entry Committed(Hold hold, string description) => new("usage", hold.AppId, description, Metadata(hold.Id));

    public static Entry Released(Hold hold) => new("refund", hold.AppId, "Reservation released", Metadata(hold.Id));

    public static Entry Expired(Hold hold) => new("refund", hold.AppId, "Reservation expired", Metadata(hold.Id));

    private static string Metadata(Guid id) => JsonSerializer.Serialize(new { reservationId = id }, WireJson.Options);
}
