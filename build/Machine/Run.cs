using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Mana.Build.Machine;

/// <summary>Starts programs, quietly with their output as a value or visibly on our own terminal.</summary>
internal static class Run
{
    /// <summary>The exit code a shell gives when a program does not exist.</summary>
    public const int NoSuchProgram = 127;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Runs to the end and returns everything it wrote. A stop ends the program first.</summary>
    public static async Task<Answer> Quietly(Invocation invocation, CancellationToken stop = default)
    {
        var start = Describe(invocation);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var process = TryStart(start, out var reason);
        if (process is null)
        {
            return new Answer(NoSuchProgram, reason);
        }
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await End(process, stop);
        await process.WaitForExitAsync(CancellationToken.None); // until its output has been read to the end
        return new Answer(process.ExitCode, output.ToString());
    }

    /// <summary>Runs on our terminal. A stop asks the program to end and waits for it.</summary>
    public static async Task<int> Visibly(Invocation invocation, CancellationToken stop)
    {
        using var process = Begin(invocation);
        return await End(process, stop);
    }

    /// <summary>Starts on our terminal and returns at once.</summary>
    public static Process Begin(Invocation invocation) =>
        TryStart(Describe(invocation), out var reason) ?? throw new Failure($"{invocation.Program} cannot be started: {reason}");

    /// <summary>Waits for a program; a stop sends it SIGTERM, and only a deaf program is killed.</summary>
    public static async Task<int> End(Process process, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await Stop(process);
        }
        return process.ExitCode;
    }

    public static async Task Stop(Process process)
    {
        if (process.HasExited)
        {
            return;
        }
        if (OperatingSystem.IsWindows() || Libc.Signal(process.Id, Libc.Terminate) != 0)
        {
            process.Kill(entireProcessTree: true);
        }
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static ProcessStartInfo Describe(Invocation invocation)
    {
        var start = new ProcessStartInfo(invocation.Program, invocation.Arguments)
        {
            UseShellExecute = false,
            WorkingDirectory = invocation.Folder ?? "",
        };
        if (!invocation.InheritsEnvironment)
        {
            start.Environment.Clear();
        }
        foreach (var (name, value) in invocation.Environment)
        {
            if (value is null)
            {
                start.Environment.Remove(name);
            }
            else
            {
                start.Environment[name] = value;
            }
        }
        if (invocation.User is not null)
        {
            start.UserName = invocation.User;
        }
        return start;
    }

    private static Process? TryStart(ProcessStartInfo start, out string reason)
    {
        reason = "";
        try
        {
            return Process.Start(start);
        }
        catch (Win32Exception refused)
        {
            reason = refused.Message;
            return null;
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is not null)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }
}
