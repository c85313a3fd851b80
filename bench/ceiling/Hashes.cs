using System.Diagnostics;
using System.Globalization;
using Mana.Protocols.Sodium;

namespace Ceiling;

/// <summary>
/// How many passwords this machine hashes at best when one processor is kept free, as in the service: the same parameters, the same library,
/// and nothing else to do.
/// </summary>
internal static class Hashes
{
    private const int MemoryKib = 19_456;
    private const int Passes = 2;
    private const int HashBytes = 32;
    private const int SaltBytes = 16;

    public static int Run(string seconds)
    {
        var limit = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
        var watch = Stopwatch.StartNew();
        var made = 0;
        var threads = Enumerable
            .Range(0, Math.Max(1, Environment.ProcessorCount - 1))
            .Select(_ => new Thread(() =>
            {
                Span<byte> salt = stackalloc byte[SaltBytes];
                Span<byte> hash = stackalloc byte[HashBytes];
                while (watch.Elapsed < limit)
                {
                    Argon2id.Derive("password123"u8, salt, MemoryKib, Passes, hash);
                    Interlocked.Increment(ref made);
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT {{\"requests\":{made},\"seconds\":{watch.Elapsed.TotalSeconds:0.000},\"cpu\":{self.TotalProcessorTime.TotalSeconds:0.000}}}"
            )
        );

        return 0;
    }
}
