using System.Globalization;
using Ceiling;

// What this machine can do at best with the parts the service is made of: an endpoint of the service is measured against what does the
// least it could possibly do. A measuring device; it has no rule of the product in it.
//   ceiling serve                  PORT, CEILING_DATABASE_URL (an Npgsql connection string)
//   ceiling prepare                fills the database of CEILING_DATABASE_URL
//   ceiling database NAME ...      drops the databases of these names and makes them anew, over CEILING_ADMIN_URL
//   ceiling sql NAME FILE          runs a file in one of them
//   ceiling drop NAME              drops one and leaves it dropped
//   ceiling crowd NAME COUNT NEWEST EVERYWHERE
//                                  puts so many live sessions into the product's database NAME, and cookies of them into the two folders
//   ceiling grow NAME OWNERS EACH   lets so many owners of the product's database NAME spend so many times each
//   ceiling deepen NAME EMAIL COUNT lets one person spend so many times, and prints the id of the row in the middle
//   ceiling sealed NAME            waits until a running server has sealed everything in the product's database NAME
//   ceiling hash SECONDS           hashes passwords on all processors but one, and prints how many
return args switch
{
    ["serve"] => await Serving.Run(Required("PORT"), Required("CEILING_DATABASE_URL")),
    ["prepare"] => await Rows.Prepare(Required("CEILING_DATABASE_URL")),
    ["database", .. var names] => await Databases.Make(Required("CEILING_ADMIN_URL"), names),
    ["drop", var name] => await Databases.Drop(Required("CEILING_ADMIN_URL"), name),
    ["sql", var name, var file] => await Databases.Run(Required("CEILING_ADMIN_URL"), name, file),
    ["crowd", var name, var count, var newest, var everywhere] => await Crowd.Make(
        Required("CEILING_ADMIN_URL"),
        name,
        Number(count),
        newest,
        everywhere
    ),
    ["grow", var name, var owners, var each] => await Growth.Make(Required("CEILING_ADMIN_URL"), name, Number(owners), Number(each)),
    ["deepen", var name, var email, var count] => await Growth.Deepen(Required("CEILING_ADMIN_URL"), name, email, Number(count)),
    ["sealed", var name] => await Growth.UntilSealed(Required("CEILING_ADMIN_URL"), name),
    ["hash", var seconds] => Hashes.Run(seconds),
    _ => Misused(),
};

static string Required(string name) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{name} is missing.");

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Misused()
{
    Console.Error.WriteLine(
        "ceiling serve | prepare | database NAME ... | drop NAME | sql NAME FILE | crowd NAME COUNT NEWEST EVERYWHERE | grow NAME OWNERS EACH | deepen NAME EMAIL COUNT | sealed NAME | hash SECONDS"
    );
    return 2;
}
