using System.Reflection;

namespace Mana.Platform.Http;

/// <summary>What the guard of a route has found out about the request at hand; parameters of doors are taken from it.</summary>
public sealed class Call(Requester requester, HttpRequest request, SessionCookies cookies)
{
    private PresentedSession? _session;

    public Requester Requester { get; } = requester;

    /// <summary>Read when somebody asks: opening a cookie costs a MAC.</summary>
    public PresentedSession Session => _session ??= Read();

    /// <summary>Takes the cookie away, so that a door which accepts other proof beside it looks at that alone.</summary>
    public void Disown(Refusal reason) => _session = new PresentedSession(null, false, Session.IsUnremembered, reason);

    public Caller? Caller { get; set; }

    /// <summary>The parsed request record of the door.</summary>
    public object? Body { get; set; }

    /// <summary>The fields of a page's form.</summary>
    public Form? Form { get; set; }

    private PresentedSession Read()
    {
        var presented = cookies.Read(request);
        if (presented.IsContradictory)
        {
            cookies.EndContradiction(request.HttpContext);
        }

        return presented;
    }

    public static Call Of(HttpContext http) => http.Features.Get<Call>()!;
}

/// <summary>A parameter of a door that comes from the <see cref="Call"/>.</summary>
public interface ICallPart<TSelf> : IBindableFromHttpContext<TSelf>
    where TSelf : class, ICallPart<TSelf>
{
    static abstract TSelf From(Call call);

    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<TSelf?>(TSelf.From(Call.Of(context)));
}

/// <summary>A request record that is made of the JSON body. The guard parses it before the door runs.</summary>
public interface IBody<TSelf> : IBindableFromHttpContext<TSelf>
    where TSelf : class, IBody<TSelf>
{
    /// <summary>In whose words problems are noted.</summary>
    static virtual Surface Surface => Surface.Mana;

    /// <summary>Members a refusal of this body carries beside the standard ones.</summary>
    static virtual IReadOnlyCollection<KeyValuePair<string, object>>? RefusalMembers => null;

    /// <summary>Credits, admin and internal routes refuse members they do not know; auth routes ignore them (contract 0.2).</summary>
    static virtual bool RefusesUnknownMembers => false;

    /// <summary>What the wire's validator calls the body where it refuses another kind (wire section 1.4).</summary>
    static virtual string Kind => "object";

    /// <summary>True where no body at all is the same as an empty object.</summary>
    static virtual bool MayBeAbsent => false;

    /// <summary>True for the two routes of the wire that a plain form may be posted to (wire section 1.3).</summary>
    static virtual bool MayBeForm => false;

    /// <summary>Takes every field and notes what is wrong; the result is used only when nothing was.</summary>
    static abstract TSelf Parse(Fields fields);

    /// <summary>
    /// Reads a body in its plainest spelling without building a tree first, for the few doors where that counts. Whatever is unusual, and
    /// all that is wrong, is left to <see cref="Parse"/>: null.
    /// </summary>
    static virtual TSelf? Glance(ReadOnlyMemory<byte> json) => null;

    static ValueTask<TSelf?> IBindableFromHttpContext<TSelf>.BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult((TSelf?)Call.Of(context).Body);
}
