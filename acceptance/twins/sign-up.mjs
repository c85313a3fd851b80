import { GOOD_PASSWORD } from '../support/people.mjs';
import { twins } from '../support/twins.mjs';

const NEW = { name: 'Ann', email: 'sign-up@example.com', password: GOOD_PASSWORD };

// At the reference the role tells a stranger that the address is taken, once its admin plugin is there.
const SECRETIVE = { because: 'ruling 13: sign-up never tells', how: ['result.data.user.role: null → "user"'] };

export const signUp = () =>
  twins('when somebody signs up', (twin) => {
    const up = (more) => (side) => side.auth.signUp.email({ ...NEW, ...more });

    twin('with a new address', up({}));
    twin('with the same address again', up({ name: 'Eve' }), SECRETIVE);
    twin('with the same address in capitals', up({ email: 'SIGN-UP@Example.com' }), SECRETIVE);
    twin('with a picture and a callback', up({ email: 'picture@example.com', image: 'https://example.com/a.png', callbackURL: '/welcome' }));
    twin('with an empty name', up({ email: 'nameless@example.com', name: '' }));
    twin('with a name like an instant', up({ email: 'instant@example.com', name: '2026-01-01T00:00:00Z' }));
    twin('without a name', up({ name: undefined }));
    twin('without an address', up({ email: undefined }));
    twin('without a password', up({ password: undefined }));
    twin('without anything', (side) => side.fetch('/sign-up/email', { method: 'POST', body: {} }));
    twin('with a number as name', up({ name: 5 }));
    twin('with a picture of null', up({ image: null }));
    for (const email of ['nobody', 'a@b.c', ' a@example.com', 'a..b@example.com', 'ä@example.com', 'a@ex-.com', 'a@@example.com', '']) {
      twin(`with the address "${email}"`, up({ email }));
    }
    for (const [what, password] of [
      ['empty', ''],
      ['of 7 characters', 'abcdefg'],
      ['of 8 characters', 'xkqvzmwp'],
      ['of four emojis', '🦀🐙🦑🐠'],
      ['of 128 characters', 'xkqvzmwp'.repeat(16)],
      ['of 129 characters', `${'xkqvzmwp'.repeat(16)}x`],
    ]) {
      twin(`with a password ${what}`, up({ email: `password-${what.replace(/\W/g, '-')}@example.com`, password }));
    }
    twin('with a number as password', up({ password: 12345678 }));
    twin('and asks to be an administrator', up({ email: 'role@example.com', role: 'admin' }));
    twin('and says the mailbox is proved', up({ email: 'proved@example.com', emailVerified: true }));
    twin('and chooses an id', up({ email: 'chosen@example.com', id: 'mine' }));
    twin('with members nobody declared', up({ email: 'members@example.com', favourite: 'blue' }));
    twin('and is led to a stranger', up({ email: 'led@example.com', callbackURL: 'https://evil.example.net/' }));
    twin('by a form', (side) =>
      side.fetch('/sign-up/email', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'name=Form&email=form%40example.com&password=correct+horse+battery',
      }),
    );
    twin('with a text', (side) =>
      side.fetch('/sign-up/email', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'name=Ann' }),
    );
    twin('with broken JSON', (side) =>
      side.fetch('/sign-up/email', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":' }),
    );
    twin('by a get', (side) => side.fetch('/sign-up/email', { method: 'GET' }));
  });
