namespace Mana.Operations.Health;

public static class GetMetrics
{
    public static string Handle() => "";
}
