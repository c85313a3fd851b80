import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { delay, useHouse } from './support/house.mjs';
import { resident } from './support/people.mjs';
import { send } from './support/wire.mjs';

// A life of a key in seconds. The recurring work looks every five of them, so a turn takes about ten.
const SETTINGS = { RATE_LIMITS: 'off', JWT_KEY_ANNOUNCE: '2s', JWT_KEY_ROTATE: '4s', JWT_KEY_RETIRE: '20s', JWT_ACCESS_TOKEN_EXPIRY: '15s' };
const COOLDOWN_MS = 1_500; // shorter than a key is announced, which is the promise this rests on
const TURN_MS = 30_000;
const AFTERWARDS_MS = 2_000;

describe('A service that checks tokens with jose while the keys take turns', () => {
  const house = useHouse(SETTINGS);
  let cookie;

  before(async () => {
    cookie = (await resident(house, 'Jo')).jar.header;
  });

  it('is never without the key, neither when it has just looked nor when it looks only if it must', async () => {
    const services = [new Service(house.base), new Service(house.base)];
    const minted = [];
    const kids = new Set();
    let turnedAt;
    for (const end = Date.now() + TURN_MS; turnedAt === undefined || Date.now() - turnedAt < AFTERWARDS_MS; await delay(40)) {
      assert.ok(Date.now() < end, `no key took over in time: ${[...kids]}`);
      const { token } = (await send(house.base, '/api/auth/token', { headers: { cookie } })).json();
      minted.push(token);
      kids.add(decodeProtectedHeader(token).kid);
      turnedAt ??= kids.size > 1 ? Date.now() : undefined;
      // The first asks for a key nobody has as often as it may: whatever it lacks then, it may not fetch for a while.
      await assert.rejects(services[0].verify(withKid(token, 'nobodys')), errors.JWKSNoMatchingKey);
      await Promise.all(services.map((service) => service.verify(token)));
    }

    for (const token of [minted[0], minted.at(-1)]) {
      await Promise.all(services.map((service) => service.verify(token)));
    }

    assert.ok(services[0].fetches > 3, 'the first service has hardly looked');
    assert.equal(services[1].fetches, 2, 'the second looked when it started and when it saw a new key');
  });
});

class Service {
  fetches = 0;
  #keys;

  constructor(base) {
    this.#keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', base), {
      cooldownDuration: COOLDOWN_MS,
      [customFetch]: (...request) => {
        this.fetches++;
        return fetch(...request);
      },
    });
  }

  verify(token) {
    return jwtVerify(token, this.#keys, { issuer: 'manacore', audience: 'manacore' });
  }
}

function withKid(token, kid) {
  const [, payload, signature] = token.split('.');
  const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid })).toString('base64url');

  return [header, payload, signature].join('.');
}
