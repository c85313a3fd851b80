using System.Globalization;

namespace Mana.Build.Machine;

/// <summary>What the command tells a person. Progress goes to standard output, what went wrong to standard error.</summary>
internal static class Say
{
    public static void Line(string text) => Console.WriteLine(text);

    public static void Error(Failure failure)
    {
        Console.Out.Flush();
        Console.Error.WriteLine($"mana: {failure.Message}");
        if (failure.WaysOut.Count > 0)
        {
            Console.Error.WriteLine("Ways out:");
            foreach (var way in failure.WaysOut)
            {
                Console.Error.WriteLine($"  - {way}");
            }
        }
    }

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
