import { GOOD_PASSWORD } from '../support/people.mjs';
import { settle, twins } from '../support/twins.mjs';

const EMAIL = 'profile@example.com';

export const profile = () =>
  twins('when somebody changes their profile', (twin) => {
    const update = (more) => (side) => side.auth.updateUser(more);

    twin('without a session', (side) => side.browser('stranger').auth.updateUser({ name: 'Eve' }));
    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('to another name', update({ name: 'Anna' }));
    twin('to a picture', update({ image: 'https://example.com/b.png' }));
    twin('to no picture', update({ image: null }));
    twin('to both', update({ name: 'Ann', image: 'https://example.com/c.png' }));
    twin('to an empty name', update({ name: '' }));
    twin('to another address', update({ email: 'new@example.com' }));
    twin('to an administrator', update({ role: 'admin' }));
    twin('to a number', update({ name: 5 }), {
      because: 'R 7.13: a name is a text',
      how: [
        'result.data: {"status":true} → null',
        'result.error: null → {"message":"[body.name] Invalid input: expected string, received number","code":"VALIDATION_ERROR","status":400,"statusText":"Bad Request"}',
        'wire.0.status: 200 → 400',
        'wire.0.cookies.0: "mana.session_token=<value>; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax" → missing',
        'wire.0.token: true → false',
      ],
    });
    twin('back to a text', update({ name: 'Ann' }));
    twin('to nothing', (side) => side.fetch('/update-user', { method: 'POST', body: {} }));
    twin('to a member nobody declared', update({ favourite: 'blue' }));
    twin('by a list', (side) => side.fetch('/update-user', { method: 'POST', body: [] }));
    twin('and reads it', (side) => side.auth.getSession());
    twin('and reads how they can sign in', (side) => side.auth.listAccounts());
    twin('and a stranger reads how somebody can sign in', (side) => side.browser('stranger').auth.listAccounts());
    twin('of the session to nothing', (side) => side.fetch('/update-session', { method: 'POST', body: {} }));
    twin('of the session to another owner', (side) => side.fetch('/update-session', { method: 'POST', body: { userId: 'other' } }));
  });
