import { describe } from 'node:test';
import { GOOD_PASSWORD } from './support/people.mjs';
import { settle, twins, usePair } from './support/twins.mjs';

const [ANN, BEN, CAT, DAN] = ['ann', 'ben', 'cat', 'dan'].map((name) => `${name}@multi.example.com`);

describe('The multi-session client of Better Auth sees the same here as at the reference', () => {
  usePair({ SESSIONS_PER_BROWSER_MAX: '3' });

  twins('when several people share a browser', (twin) => {
    const list = (side) => side.auth.multiSession.listDeviceSessions();
    const who = (side) => side.auth.getSession();
    const signIn = (email, more = {}) => (side) => side.auth.signIn.email({ email, password: GOOD_PASSWORD, ...more });
    const [multi, rest] = ['mana.session_token_multi-<token>=<value>', 'Path=/; HttpOnly; SameSite=Lax'];
    const tokens = new WeakMap();
    const tokenOf = (side, email) => tokens.get(side)?.[email];
    const remember = async (side) => {
      const { data } = await list(side);
      const held = Object.fromEntries(data.map(({ session, user }) => [user.email, session.token]));
      tokens.set(side, { ...tokens.get(side), ...held });

      return data.map(({ user }) => user.email).sort();
    };

    twin('nobody is listed at first', list);
    twin('the first is let in', (side) => settle(side, ANN, GOOD_PASSWORD));
    twin('and is listed', list);
    twin('the second is let in', (side) => settle(side, BEN, GOOD_PASSWORD));
    twin('and is the active one', who);
    twin('both are listed', remember);
    twin('the first becomes active', (side) => side.auth.multiSession.setActive({ sessionToken: tokenOf(side, ANN) }));
    twin('and is it', who);
    twin('nobody becomes active by a token that is none', (side) => side.auth.multiSession.setActive({ sessionToken: 'none' }));
    twin('nor without one', (side) => side.fetch('/multi-session/set-active', { method: 'POST', body: {} }));
    twin('nor in another browser', (side) =>
      side.browser('other').auth.multiSession.setActive({ sessionToken: tokenOf(side, ANN) }),
    );
    twin('where nothing can be ended either', (side) =>
      side.browser('other').auth.multiSession.revoke({ sessionToken: tokenOf(side, ANN) }),
    );
    twin('the first signs in again, and takes the place of their own', signIn(ANN));
    twin('so that both are listed once', remember);
    twin('the third is let in', (side) => settle(side, CAT, GOOD_PASSWORD));
    twin('and the fourth, without a place beside them', (side) => settle(side, DAN, GOOD_PASSWORD));
    twin('so that three are listed', remember);
    twin('while the fourth is active', who);
    twin('one who is not active is ended', (side) => side.auth.multiSession.revoke({ sessionToken: tokenOf(side, BEN) }));
    twin('and becomes active no more', (side) => side.auth.multiSession.setActive({ sessionToken: tokenOf(side, BEN) }));
    twin('and the fourth is still active', who);
    twin('the third becomes active', (side) => side.auth.multiSession.setActive({ sessionToken: tokenOf(side, CAT) }));
    twin('and is ended', (side) => side.auth.multiSession.revoke({ sessionToken: tokenOf(side, CAT) }));
    twin('which makes room for the first', async (side) => (await who(side)).data.user.email);
    twin('and a token that is none ends nothing', (side) => side.auth.multiSession.revoke({ sessionToken: 'none' }));
    twin('everybody is signed out at once', (side) => side.auth.signOut());
    twin('so that nobody is active', who);
    twin('and nobody is listed', list);
    twin('somebody who is not to be remembered is let in', signIn(ANN, { rememberMe: false }), {
      because: 'R 2.6: who asked not to be remembered leaves no cookie that outlives the browser',
      how: [`wire.0.cookies.2: "${multi}; Max-Age=604800; ${rest}" → "${multi}; ${rest}"`],
    });
    twin('and is listed as well', list);
  });
});
