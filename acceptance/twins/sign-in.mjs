import { GOOD_PASSWORD } from '../support/people.mjs';
import { settle, twins } from '../support/twins.mjs';

const EMAIL = 'sign-in@example.com';

export const signIn = () =>
  twins('when somebody signs in', (twin) => {
    const into = (more, name) => (side) => side.browser(name).auth.signIn.email({ email: EMAIL, password: GOOD_PASSWORD, ...more });

    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD, 'first'));
    twin('with the right password', into({}));
    twin('and asks who it is', (side) => side.auth.getSession());
    twin('with capitals in the address', into({ email: 'Sign-In@EXAMPLE.com' }, 'capitals'));
    twin('without being remembered', into({ rememberMe: false }, 'forgetful'));
    twin('and asks who is not remembered', (side) => side.browser('forgetful').auth.getSession());
    twin('to be remembered after all', into({}, 'forgetful'));
    twin('with a callback', (side) =>
      side.fetch('/sign-in/email', { method: 'POST', body: { email: EMAIL, password: GOOD_PASSWORD, callbackURL: '/welcome' } }, 'led'),
    );
    twin('with a callback to a front end', (side) =>
      side.fetch('/sign-in/email', { method: 'POST', body: { email: EMAIL, password: GOOD_PASSWORD, callbackURL: 'https://app.example.com/x' } }, 'led'),
    );
    twin('with a callback to a stranger', into({ callbackURL: 'https://evil.example.net' }, 'led'));
    twin('with the wrong password', into({ password: 'not the password' }, 'wrong'));
    twin('with a short password', into({ password: 'x' }, 'wrong'));
    twin('with an empty password', into({ password: '' }, 'wrong'));
    twin('with a password of 129 characters', into({ password: 'x'.repeat(129) }, 'wrong'));
    twin('without a password', into({ password: undefined }, 'wrong'));
    twin('with an unknown address', into({ email: 'unknown@example.com' }, 'wrong'));
    twin('with a broken address', into({ email: 'broken' }, 'wrong'));
    twin('without an address', into({ email: undefined }, 'wrong'));
    twin('with a number as address', into({ email: 5 }, 'wrong'));
    twin('with a text as remembering', into({ rememberMe: 'yes' }, 'wrong'));
    twin('with nothing', (side) => side.fetch('/sign-in/email', { method: 'POST' }, 'wrong'));
    twin('with a list', (side) => side.fetch('/sign-in/email', { method: 'POST', body: [] }, 'wrong'));
    twin('by a form', (side) =>
      side.fetch(
        '/sign-in/email',
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `email=${encodeURIComponent(EMAIL)}&password=${encodeURIComponent(GOOD_PASSWORD)}`,
        },
        'form',
      ),
    );
    twin('by a form that says to forget', (side) =>
      side.fetch(
        '/sign-in/email',
        {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: `email=${encodeURIComponent(EMAIL)}&password=${encodeURIComponent(GOOD_PASSWORD)}&rememberMe=false`,
        },
        'form',
      ),
    );
    twin('at a path that does not exist', (side) => side.fetch('/sign-in/emails', { method: 'POST', body: {} }, 'wrong'));
    twin('and signs out', (side) => side.auth.signOut());
    twin('and asks who it is after that', (side) => side.auth.getSession());
    twin('and signs out twice', (side) => side.auth.signOut());
  });
