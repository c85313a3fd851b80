import { GOOD_PASSWORD } from '../support/people.mjs';
import { link, settle, twins, visit } from '../support/twins.mjs';

const EMAIL = 'account@example.com';
const NEXT = 'account-next@example.com';
const TAKEN = 'account-taken@example.com';

export const account = () => {
  twins('when somebody moves to another address', (twin) => {
    const move = (more) => (side) => side.auth.changeEmail({ newEmail: NEXT, callbackURL: '/moved', ...more });

    twin('without a session', (side) => side.browser('stranger').auth.changeEmail({ newEmail: NEXT }));
    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('and somebody else has one already', (side) => settle(side, TAKEN, GOOD_PASSWORD, 'taken'));
    twin('which is the same', move({ newEmail: EMAIL }));
    twin('which is the same in capitals', move({ newEmail: EMAIL.toUpperCase() }));
    twin('which is broken', move({ newEmail: 'broken' }));
    twin('which is missing', (side) => side.fetch('/change-email', { method: 'POST', body: {} }));
    twin('which is taken', move({ newEmail: TAKEN }));
    twin('and wants to be led to a stranger', move({ callbackURL: 'https://evil.example.net' }));
    twin('which is free', move({}));
    twin('and nothing has changed yet', (side) => side.auth.getSession());
    twin('and follows the link', async (side) => visit(side, await link(side, NEXT, 'verify-email')));
    twin('and has it', (side) => side.auth.getSession());
    twin('and follows the link again', async (side) => visit(side, await link(side, NEXT, 'verify-email')));
    twin('and signs in with the old one', (side) => side.browser('old').auth.signIn.email({ email: EMAIL, password: GOOD_PASSWORD }));
    twin('and signs in with the new one', (side) => side.browser('new').auth.signIn.email({ email: NEXT, password: GOOD_PASSWORD }));
  });

  twins('when somebody leaves', (twin) => {
    const leave = (more) => (side) => side.auth.deleteUser(more);
    const email = 'leaving@example.com';
    const at = (side, query) => `${side.base}/api/auth/delete-user/callback?${query}`;

    twin('without a session', (side) => side.browser('stranger').auth.deleteUser({}));
    twin('after proving the mailbox', (side) => settle(side, email, GOOD_PASSWORD));
    twin('with a wrong password', leave({ password: 'not the password' }));
    twin('with a password that is too long', leave({ password: 'x'.repeat(129) }));
    twin('with a number as password', leave({ password: 5 }));
    twin('with a token that is none', leave({ token: 'none' }));
    twin('and wants to be led to a stranger', leave({ callbackURL: 'https://evil.example.net' }));
    twin('by a callback without a token', (side) => visit(side, at(side, 'callbackURL=%2Fbye')));
    twin('by a callback with a token that is none', (side) => visit(side, at(side, 'token=none&callbackURL=%2Fbye')));
    twin('with the right password', leave({ password: GOOD_PASSWORD, callbackURL: '/bye' }));
    twin('and is gone', (side) => side.auth.getSession());
    twin('and signs in', (side) => side.auth.signIn.email({ email, password: GOOD_PASSWORD }));
    twin('and comes back as somebody new', (side) => settle(side, email, GOOD_PASSWORD, 'own', 2));
    twin('without a password, having signed in lately', leave({}));
    twin('and is gone again', (side) => side.auth.getSession());
  });
};
