import { GOOD_PASSWORD } from '../support/people.mjs';
import { settle, twins } from '../support/twins.mjs';

const EMAIL = 'tokens@example.com';

export const tokens = () =>
  twins('when somebody uses tokens', (twin) => {
    const bearer = async (side, path, change = (token) => token) => {
      const { data } = await side.auth.getSession();
      return side.fetch(path, { headers: { authorization: `Bearer ${change(data.session.token)}` } }, 'bearer');
    };

    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('gets one for services', async (side) => {
      const { data, error } = await side.auth.token();
      const [header, payload] = data.token.split('.').map((part, place) => (place < 2 ? JSON.parse(Buffer.from(part, 'base64url')) : part));
      return { error, header: { ...header, typ: undefined }, times: payload.exp - payload.iat, issuer: payload.iss, audience: payload.aud };
    });
    twin('gets none without a session', (side) => side.browser('stranger').auth.token());
    twin('and a service reads the keys', async (side) => {
      const { data } = await side.auth.jwks();
      return data.keys.map(({ alg, crv, kty }) => ({ alg, crv, kty }));
    });
    twin('and asks with the session as bearer', (side) => bearer(side, '/get-session'));
    twin('and gets a token with the session as bearer', async (side) => {
      const { data, error } = await bearer(side, '/token');
      return { parts: data.token.split('.').length, error };
    });
    twin('and asks with a bearer that is none', (side) =>
      side.fetch('/get-session', { headers: { authorization: 'Bearer none' } }, 'bearer'),
    );
    twin('and asks with a bearer whose signature is false', (side) => bearer(side, '/get-session', (token) => `${token}.c2lnbmF0dXJl`));
    twin('and asks with an empty bearer', (side) => side.fetch('/get-session', { headers: { authorization: 'Bearer ' } }, 'bearer'));
    twin('and asks with another scheme', (side) => side.fetch('/get-session', { headers: { authorization: 'Basic YTpi' } }, 'bearer'));
    twin('and reads the list with the session as bearer', (side) => bearer(side, '/list-sessions'));
    twin('and signs out with the session as bearer', async (side) => {
      const { data } = await side.auth.getSession();
      return side.fetch('/sign-out', { method: 'POST', headers: { authorization: `Bearer ${data.session.token}` } }, 'bearer');
    });
    twin('and the session is over', (side) => side.auth.getSession());
  });
