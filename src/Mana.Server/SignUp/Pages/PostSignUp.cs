using Mana.Platform.Http;
using Mana.Sessions;
using Mana.Web;

namespace Mana.SignUp.Pages;

public static class PostSignUp
{
    /// <summary>Registers a person. Either they are signed in and go on, or they are told to look into their mailbox.</summary>
    public static async Task<Page> Handle(
        Form form,
        HttpRequest request,
        RegisterPerson register,
        [AsParameters] SignUpPages show,
        TrustedOrigins origins,
        PresentedSession presented,
        Requester requester,
        CancellationToken cancel
    )
    {
        var onward = Onward.From(form, origins);
        var words = FieldWords.In(Languages.Of(request));
        var ask = show.Filled(form, words);
        if (ask.HasProblem)
        {
            return SignUpPage.Show(ask, onward) with { Status = Refusals.Validation.Status };
        }

        var registration = new Registration(
            ask.Email.ToLowerInvariant(),
            form.Text("new-password"),
            ask.Name.Length > 0 ? ask.Name : null,
            Image: null,
            onward.Target
        );
        var outcome = await register.Run(registration, new Stay(show.Sessions.Lifetime, true), requester, cancel);

        return outcome.IsRefused
            ? show.Refused(ask, outcome.Refusal!, words, onward)
            : show.Done(outcome.Value, onward, presented, requester);
    }
}
