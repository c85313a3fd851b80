using Mana.Web;

namespace Mana.Me.Pages;

/// <summary>Who is signed in.</summary>
/// <param name="MemberSince">When they signed up.</param>
/// <param name="SignedInAt">When this session was opened.</param>
public sealed record AccountView(Visitor Visitor, bool IsEmailVerified, DateTimeOffset MemberSince, DateTimeOffset SignedInAt);
