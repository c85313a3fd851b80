import { GOOD_PASSWORD } from '../support/people.mjs';
import { link, settle, twins, visit } from '../support/twins.mjs';

const EMAIL = 'passwords@example.com';
const UNPROVED = 'unproved@example.com';
const SECOND = 'a second good password';
const THIRD = 'a third good password';

export const passwords = () =>
  twins('when somebody changes or forgets a password', (twin) => {
    const change = (more) => (side) => side.auth.changePassword({ currentPassword: GOOD_PASSWORD, newPassword: SECOND, ...more });
    const into = (password, name) => (side) => side.browser(name).auth.signIn.email({ email: EMAIL, password });
    const tokenOf = async (side, count = 1, email = EMAIL) => new URL(await link(side, email, 'reset-password', count)).pathname.split('/').pop();

    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('without a session', (side) => side.browser('stranger').auth.changePassword({ currentPassword: 'a', newPassword: 'b' }));
    twin('but gives a wrong one', change({ currentPassword: 'not the password' }));
    twin('to one that is too short', change({ newPassword: 'short' }));
    twin('to one that is too long', change({ newPassword: 'x'.repeat(129) }));
    twin('to nothing', change({ newPassword: undefined }));
    twin('and asks whether it is right', (side) => side.fetch('/verify-password', { method: 'POST', body: { password: GOOD_PASSWORD } }));
    twin('and asks whether a wrong one is right', (side) => side.fetch('/verify-password', { method: 'POST', body: { password: 'wrong' } }));
    twin('and a second browser is there', into(GOOD_PASSWORD, 'second'));
    twin('to another', change({}));
    twin('and the second browser goes on', (side) => side.browser('second').auth.getSession());
    twin('to a third, and ends other sessions', change({ currentPassword: SECOND, newPassword: THIRD, revokeOtherSessions: true }));
    twin('and the second browser is out', (side) => side.browser('second').auth.getSession());
    twin('and signs in with the old one', into(GOOD_PASSWORD, 'second'));
    twin('and signs in with the new one', into(THIRD, 'second'));
    twin('of an unknown address', (side) => side.auth.requestPasswordReset({ email: 'unknown@example.com', redirectTo: '/reset' }));
    twin('of a broken address', (side) => side.auth.requestPasswordReset({ email: 'broken' }));
    twin('of no address', (side) => side.fetch('/request-password-reset', { method: 'POST', body: {} }));
    twin('and wants to be led to a stranger', (side) =>
      side.auth.requestPasswordReset({ email: EMAIL, redirectTo: 'https://evil.example.net' }),
    );
    twin('and asks for a link', (side) => side.browser('reset').auth.requestPasswordReset({ email: EMAIL, redirectTo: '/reset' }));
    twin('and follows the link', async (side) => visit(side, await link(side, EMAIL, 'reset-password'), 'reset'));
    twin('and follows a link that is none', (side) => visit(side, `${side.base}/api/auth/reset-password/none?callbackURL=%2Freset`, 'reset'));
    twin('and follows a link that leads nowhere', (side) => visit(side, `${side.base}/api/auth/reset-password/none`, 'reset'));
    twin('and follows a link that leads to a stranger', (side) =>
      visit(side, `${side.base}/api/auth/reset-password/none?callbackURL=${encodeURIComponent('https://evil.example.net')}`, 'reset'),
    );
    twin('and sets one with a token that is none', (side) =>
      side.browser('reset').auth.resetPassword({ newPassword: GOOD_PASSWORD, token: 'none' }),
    );
    twin('and sets one without a token', (side) => side.browser('reset').auth.resetPassword({ newPassword: GOOD_PASSWORD }));
    twin('and sets one that is too short', async (side) =>
      side.browser('reset').auth.resetPassword({ newPassword: 'short', token: await tokenOf(side) }),
    );
    twin('and sets one that is too long', async (side) =>
      side.browser('reset').auth.resetPassword({ newPassword: 'x'.repeat(129), token: await tokenOf(side) }),
    );
    twin('and sets a good one', async (side) =>
      side.browser('reset').auth.resetPassword({ newPassword: SECOND, token: await tokenOf(side) }),
    );
    twin('and sets another one with the same link', async (side) =>
      side.browser('reset').auth.resetPassword({ newPassword: THIRD, token: await tokenOf(side) }),
    );
    twin('and no session is left', (side) => side.auth.getSession());
    twin('and signs in with the forgotten one', into(THIRD, 'reset'));
    twin('and signs in with the one that was set', into(SECOND, 'reset'));
    twin('of an account whose mailbox nobody has proved', (side) =>
      side.browser('unproved').auth.signUp.email({ name: 'Bea', email: UNPROVED, password: GOOD_PASSWORD }),
    );
    twin('of it, and asks for a link', (side) => side.browser('unproved').auth.requestPasswordReset({ email: UNPROVED, redirectTo: '/reset' }));
    twin('of it, and sets a good one', async (side) =>
      side.browser('unproved').auth.resetPassword({ newPassword: SECOND, token: await tokenOf(side, 1, UNPROVED) }),
    );
    twin('of it, and signs in', (side) => side.browser('unproved').auth.signIn.email({ email: UNPROVED, password: SECOND }), {
      because: 'ruling 12: a reset proves the mailbox',
      how: [
        'result.data: null → {"redirect":false,"token":"<own>","user":{"name":"Bea","email":"unproved@example.com","emailVerified":true,"image":null,"createdAt":"<date>","updatedAt":"<date>","twoFactorEnabled":false,"role":"user","banned":false,"banReason":null,"banExpires":null,"id":"<own>"}}',
        'result.error: {"message":"Email not verified","code":"EMAIL_NOT_VERIFIED","status":403,"statusText":"Forbidden"} → null',
        'wire.0.status: 403 → 200',
        'wire.0.cookies.0: missing → "mana.session_token=<value>; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax"',
        'wire.0.token: false → true',
      ],
    });
    twin('by a method that does not exist', (side) => side.fetch('/reset-password', { method: 'PUT', body: {} }));
  });
