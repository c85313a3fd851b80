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
        int.Parse(count, CultureInfo.InvariantCulture),
        newest,
        everywhere
    ),
    ["hash", var seconds] => Hashes.Run(seconds),
    _ => Misused(),
};

static string Required(string name) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{name} is missing.");

static int Misused()
{
    Console.Error.WriteLine(
        "ceiling serve | prepare | database NAME ... | drop NAME | sql NAME FILE | crowd NAME COUNT NEWEST EVERYWHERE | hash SECONDS"
    );
    return 2;
}
