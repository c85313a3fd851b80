import { GOOD_PASSWORD } from '../support/people.mjs';
import { settle, twins } from '../support/twins.mjs';

const EMAIL = 'sessions@example.com';

export const sessions = () =>
  twins('when somebody has several sessions', (twin) => {
    const into = (name) => (side) => side.browser(name).auth.signIn.email({ email: EMAIL, password: GOOD_PASSWORD });
    const who = (name) => (side) => side.browser(name).auth.getSession();

    twin('one by the mail', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('and one by a second browser', into('second'));
    twin('and one by a third', into('third'));
    twin('and one by a fourth', into('fourth'));
    twin('and reads the list', (side) => side.auth.listSessions());
    twin('and a stranger reads the list', (side) => side.browser('stranger').auth.listSessions());
    twin('and ends none, because the token is none', (side) => side.auth.revokeSession({ token: 'none' }));
    twin('and ends none, because it names none', (side) => side.fetch('/revoke-session', { method: 'POST', body: {} }));
    twin('and a stranger ends one', (side) => side.browser('stranger').auth.revokeSession({ token: 'none' }));
    twin('and ends the second', async (side) => {
      const { data } = await side.browser('second').auth.getSession();
      return side.auth.revokeSession({ token: data.session.token });
    });
    twin('and the second is over', who('second'));
    twin('and ends all the others', (side) => side.auth.revokeOtherSessions());
    twin('and the third is over', who('third'));
    twin('and its own goes on', who('own'));
    twin('and ends all', (side) => side.auth.revokeSessions());
    twin('and its own is over', who('own'));
    twin('and asks for the list without a session', (side) => side.auth.listSessions());
    twin('and ends the others without a session', (side) => side.auth.revokeOtherSessions());
    twin('and asks without the cookies being read', (side) => side.fetch('/get-session?disableCookieCache=true'));
    twin('and asks by a post', (side) => side.fetch('/get-session', { method: 'POST' }));
    twin('and asks with a cookie nobody signed', (side) =>
      side.fetch('/get-session', { headers: { cookie: 'mana.session_token=abc.def' } }, 'forger'),
    );
    twin('and changes what a session carries, without one', (side) => side.fetch('/update-session', { method: 'POST', body: {} }));
  });
