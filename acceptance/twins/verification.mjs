import { GOOD_PASSWORD } from '../support/people.mjs';
import { link, twins, visit } from '../support/twins.mjs';

const EMAIL = 'verification@example.com';

export const verification = () =>
  twins('when a mailbox is proved', (twin) => {
    const verify = (query) => (side) => side.auth.verifyEmail({ query });

    twin('which nobody has signed up with', (side) => side.auth.sendVerificationEmail({ email: 'nobody@example.com' }));
    twin('by a link that is asked for with a broken address', (side) => side.auth.sendVerificationEmail({ email: 'broken' }));
    twin('by a link that is asked for without an address', (side) => side.fetch('/send-verification-email', { method: 'POST', body: {} }));
    twin('by a link that leads to a stranger', (side) =>
      side.auth.sendVerificationEmail({ email: EMAIL, callbackURL: 'https://evil.example.net' }),
    );
    twin('after a sign-up', (side) =>
      side.auth.signUp.email({ name: 'Ann', email: EMAIL, password: GOOD_PASSWORD, callbackURL: '/welcome' }),
    );
    twin('but not yet: a sign-in', (side) => side.auth.signIn.email({ email: EMAIL, password: GOOD_PASSWORD }));
    twin('but not yet: a sign-in with a wrong password', (side) => side.auth.signIn.email({ email: EMAIL, password: 'wrong password' }));
    twin('by a second link', (side) => side.auth.sendVerificationEmail({ email: EMAIL, callbackURL: '/again' }));
    twin('by a token that is none', verify({ token: 'none' }));
    twin('by no token', (side) => side.fetch('/verify-email'));
    twin('by an empty token', verify({ token: '' }));
    twin('by a token that is none, with a callback', (side) => visit(side, `${side.base}/api/auth/verify-email?token=none&callbackURL=%2Fw`));
    twin('by a token that is none, with a query and a fragment in the callback', (side) =>
      visit(side, `${side.base}/api/auth/verify-email?token=none&callbackURL=${encodeURIComponent('/w?x=1#frag')}`),
    );
    twin('by a token that is none, with a callback to a stranger', (side) =>
      visit(side, `${side.base}/api/auth/verify-email?token=none&callbackURL=${encodeURIComponent('https://evil.example.net')}`),
    );
    twin('by two tokens', (side) => side.fetch('/verify-email?token=a&token=b'));
    twin('by the link in the mail', async (side) => visit(side, await link(side, EMAIL, 'verify-email', 2)));
    twin('and the session is there', (side) => side.auth.getSession());
    twin('by the same link again', async (side) => visit(side, await link(side, EMAIL, 'verify-email', 2), 'other'));
    twin('and the other browser has no session', (side) => side.browser('other').auth.getSession());
    twin('once more, by the one who is signed in', (side) => side.auth.sendVerificationEmail({ email: EMAIL }));
    twin('of somebody else, by the one who is signed in', (side) => side.auth.sendVerificationEmail({ email: 'else@example.com' }));
    twin('once more, by nobody', (side) => side.browser('other').auth.sendVerificationEmail({ email: EMAIL }));
    twin('by a post', (side) => side.fetch('/verify-email', { method: 'POST', body: { token: 'none' } }));
  });
