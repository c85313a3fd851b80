using Ceiling;

// What this machine can do at best with the parts the service is made of: an endpoint of the service is measured against the one of these
// three that does the least it could possibly do. A measuring device; it has no rule of the product in it.
//   ceiling serve     PORT, CEILING_DATABASE_URL (an Npgsql connection string)
//   ceiling prepare   also CEILING_ADMIN_URL: drops the databases named as arguments and makes its own anew
return args.FirstOrDefault() switch
{
    "serve" => await Serving.Run(Required("PORT"), Required("CEILING_DATABASE_URL")),
    "prepare" => await Rows.Prepare(Required("CEILING_ADMIN_URL"), Required("CEILING_DATABASE_URL"), args.Skip(1)),
    _ => Misused(),
};

static string Required(string name) =>
    Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : throw new InvalidOperationException($"{name} is missing.");

static int Misused()
{
    Console.Error.WriteLine("ceiling serve | ceiling prepare [database ...]");
    return 2;
}
