using Mana.Platform.Database;
using Mana.Protocols.Passwords;

namespace Mana.Passwords;

/// <summary>
/// Which formats stored hashes are of. Imported ones take longer to check than our own, or shorter; so that nobody can tell from a failing
/// sign-in how a password is stored, or that there is none, each failure costs what all formats in use cost together (ruling 32c).
/// </summary>
public sealed class StoredFormats(Db db, PasswordSettings settings)
{
    /// <summary>More would make each failure slower than anybody waits; the database of a service was imported from one or two others.</summary>
    private const int FormatsMax = 8;

    /// <summary>A format takes one or two steps; hashes nobody can read take one each.</summary>
    private const int StepsMax = 32;

    private static readonly Scope Looking = Scope.Service("find the formats of stored passwords");

    private readonly PasswordFormat _current = StoredPassword.FormatOf(new Argon2Cost(settings.MemoryKib, settings.Passes));

    private volatile PasswordFormat[]? _inUse;

    /// <summary>The format of new hashes, and those of hashes that were not made anew since they were imported or the cost was raised.</summary>
    public async ValueTask<PasswordFormat[]> InUse(CancellationToken cancel)
    {
        if (_inUse is null)
        {
            await Look(cancel);
        }

        return _inUse!;
    }

    /// <summary>
    /// Walks from format to format in an index that holds only hashes that are not of the default format, so that it costs a step for each
    /// format however many people there are.
    /// </summary>
    /// <returns>Nothing was changed, so 0.</returns>
    public async Task<int> Look(CancellationToken cancel)
    {
        var found = new Dictionary<string, PasswordFormat>(StringComparer.Ordinal) { [_current.Name] = _current };
        var after = "";
        for (var step = 0; step < StepsMax && found.Count < FormatsMax; step++)
        {
            var next = await db.Find<One<string>>(
                Looking,
                $"""
                select hashed_password
                from auth.passwords
                where hashed_password not like '$argon2id$v=19$m=19456,t=2,p=1$%' and hashed_password collate "C" > {after}
                order by hashed_password collate "C"
                limit 1
                """,
                cancel
            );
            if (next is null)
            {
                break;
            }

            var format = StoredPassword.FormatOf(next.Value);
            after = format?.UpTo ?? next.Value;
            if (format is not null)
            {
                found.TryAdd(format.Name, format);
            }
        }

        _inUse = [.. found.Values];
        return 0;
    }

    /// <summary>What else has to be checked for a hash of one format, or for none, to cost what any other costs.</summary>
    public static IEnumerable<PasswordFormat> Others(string? stored, PasswordFormat[] inUse)
    {
        var own = stored is null ? null : StoredPassword.FormatOf(stored)?.Name;

        return inUse.Where(format => format.Name != own);
    }
}
