import { GOOD_PASSWORD } from '../support/people.mjs';
import { settle, twins } from '../support/twins.mjs';

const EMAIL = 'origins@example.com';

export const origins = () =>
  twins('when a request comes from somewhere', (twin) => {
    const out = (headers, name) => (side) => side.fetch('/sign-out', { method: 'POST', headers }, name);

    twin('after proving the mailbox', (side) => settle(side, EMAIL, GOOD_PASSWORD));
    twin('which is a stranger', out({ origin: 'https://evil.example.net' }));
    twin('which is opaque', out({ origin: 'null' }));
    twin('which is a front end', out({ origin: 'https://app.example.com' }, 'stranger'));
    twin('which looks like a front end', out({ origin: 'https://app.example.com.evil.example.net' }));
    twin('which is a front end at another port', out({ origin: 'https://app.example.com:8443' }));
    twin('which is a stranger without cookies', out({ origin: 'https://evil.example.net' }, 'stranger'));
    twin('and only reads', (side) => side.fetch('/get-session', { headers: { origin: 'https://evil.example.net' } }));
    twin('and asks whether anybody is there', (side) => side.fetch('/ok'));
    twin('and asks at a path with a slash too much', (side) => side.fetch('/ok/'));
    twin('and asks at a path in capitals', (side) => side.fetch('/OK'));
    twin('and asks for what does not exist', (side) => side.fetch('/nothing'));
    twin('and tries what only the server may', (side) => side.fetch('/set-password', { method: 'POST', body: { newPassword: 'x' } }));
  });
