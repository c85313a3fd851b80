import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Browser } from './client.mjs';
import { House } from './house.mjs';
import { Reference } from './reference.mjs';

const REASON = /^(ruling \d+[a-z]?|R \d+(\.\d+)*|ADR-\d{4}|option): \S/;

// What no two servers can have in common; only whether it is there, and its kind, is compared.
const OWN = new Set(['id', 'userId', 'accountId', 'token', 'sid', 'kid', 'x', 'secret']);

const SETTINGS = {
  REQUIRE_EMAIL_VERIFICATION: 'on',
  MAIL_LINKS: 'direct',
  RATE_LIMITS: 'off',
  CORS_ORIGINS: 'https://app.example.com',
};

/** One of the two servers, with the browsers of the scenario that is running. */
class Side {
  #browsers = new Map();
  #seen = [];

  constructor(server) {
    this.server = server;
  }

  get base() {
    return this.server.base;
  }

  /** The browser of that name; its cookies stay from case to case. */
  browser(name = 'own') {
    if (!this.#browsers.has(name)) {
      this.#browsers.set(name, new Browser(this.base, (response) => this.#seen.push(seen(response))));
    }

    return this.#browsers.get(name);
  }

  get auth() {
    return this.browser().auth;
  }

  /** A request the client has no method for, as its `$fetch` sends it. */
  fetch(path, options = {}, name = 'own') {
    return this.browser(name).auth.$fetch(path, options);
  }

  /** @returns what the client gave to the caller, and what went over the wire meanwhile */
  async run(action) {
    this.#seen = [];
    const result = await action(this);

    return plain({ result, wire: this.#seen }, this.base);
  }
}

/**
 * Cases that run in the same way against the product and against the reference, in their order. A case says what the client gave; both
 * must say the same, unless it `differs`: then exactly the named differences, for the named reason.
 * @param {string} title
 * @param {(twin: (name: string, action: (side: Side) => unknown, differs?: { because: string, how: string[] }) => void) => void} define
 */
export function twins(title, define) {
  describe(title, () => {
    const { house, reference } = pair;
    let sides;
    before(() => {
      sides = [new Side(reference), new Side(house)];
    });
    define((name, action, differs = undefined) => {
      it(differs === undefined ? name : `${name} (${differs.because})`, async () => {
        const [theirs, ours] = await Promise.all(sides.map((side) => side.run(action)));
        if (differs !== undefined) {
          assert.match(differs.because, REASON);
        }

        assert.deepEqual(differences(theirs, ours), differs?.how ?? []);
      });
    });
  });
}

let pair;

/**
 * Opens both servers for the describe it is called in.
 * @param {Record<string, string>} settings for both, beside the usual ones
 */
export function usePair(settings = {}) {
  pair = { house: new House({ ...SETTINGS, ...settings }), reference: new Reference(settings) };
  before(() => Promise.all([pair.house.open(), pair.reference.open()]));
  after(() => Promise.all([pair.house.close(), pair.reference.close()]));
}

/** The newest link of that kind in the mails to the address. */
export async function link(side, address, kind, count = 1) {
  const [newest] = await side.server.links(address, kind, count);

  return newest;
}

/** Somebody who has proved the mailbox and is signed in in the browser of that name; `mails` went to the address once this one is there. */
export async function settle(side, address, password, name = 'own', mails = 1) {
  await side.browser(name).auth.signUp.email({ name: 'Ann', email: address, password });
  await side.browser(name).visit(await link(side, address, 'verify-email', mails));

  return side.browser(name).auth.getSession();
}

/** Where an address leads, and nothing of what the client makes of it. */
export async function visit(side, url, name = 'own') {
  await side.browser(name).visit(url);
}

function seen(response) {
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    location: response.headers.get('location'),
    cache: response.headers.get('cache-control'),
    cookies: response.headers.getSetCookie().map(skeleton),
    token: response.headers.has('set-auth-token'),
    jwt: response.headers.has('set-auth-jwt'),
  };
}

/** A cookie without its value: whether it is set or cleared, and its attributes. */
function skeleton(line) {
  const [pair, ...attributes] = line.split('; ');
  const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  const secretName = name.replace(/_multi-.+$/, '_multi-<token>');

  return [`${secretName}=${value === '' ? '' : '<value>'}`, ...attributes].join('; ');
}

function plain(value, base, key = undefined) {
  if (value instanceof Date) {
    return '<date>';
  }

  if (Array.isArray(value)) {
    return value.map((each) => plain(each, base, key));
  }

  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each, base, name)]));
  }

  if (typeof value !== 'string') {
    return value;
  }

  return OWN.has(key) && value !== '' ? '<own>' : value.replaceAll(base, '<base>').replace(/([?&]token=)[^&]+/g, '$1<own>');
}

/** Every place where the two differ, as `path: reference → ours`. */
function differences(theirs, ours, path = '') {
  // Where the reference says nothing about caching, ours forbids it.
  if (Object.is(theirs, ours) || (path.endsWith('.cache') && theirs === null && ours !== null)) {
    return [];
  }

  const isBoth = (test) => test(theirs) && test(ours);
  if (isBoth((value) => value !== null && typeof value === 'object') && Array.isArray(theirs) === Array.isArray(ours)) {
    const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];

    return names.flatMap((name) => differences(theirs[name], ours[name], path === '' ? name : `${path}.${name}`));
  }

  return [`${path}: ${show(theirs)} → ${show(ours)}`];
}

const show = (value) => (value === undefined ? 'missing' : JSON.stringify(value));
