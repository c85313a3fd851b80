import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { WRONG_PASSWORD, resident } from '../support/people.mjs';
import { send, wireOf } from '../support/wire.mjs';

/** A front end whose origin is named exactly. */
export const FRONT = 'https://app.example.com';

/** Origins that are trusted by pattern: every depth of a name, every scheme of a name, an app. */
export const PATTERNS = 'https://*.apps.example.com,*.wild.example.org,mana://';

const EVIL = 'https://evil.example.net';

const PASS = null;
const INVALID = ['INVALID_ORIGIN', 'Invalid origin'];
const MISSING = ['MISSING_OR_NULL_ORIGIN', 'Missing or null Origin'];
const BLOCKED = [
  'CROSS_SITE_NAVIGATION_LOGIN_BLOCKED',
  'Cross-site navigation login blocked. This request appears to be a CSRF attack.',
];

// Who may act with somebody's cookies, and where an answer may lead, as recorded from the reference server.
export const origins = (house) =>
  describe('The wire asks where a request comes from', () => {
    const wire = wireOf(house);
    let person;
    let signingIn;

    before(async () => {
      person = await resident(house, 'Ori');
      signingIn = { email: person.email, password: person.password };
    });

    // Any cookie at all switches the check on.
    const withCookie = [
      ['its own origin', () => ({ origin: house.base }), PASS],
      ['a front end', () => ({ origin: FRONT }), PASS],
      ['a front end in capitals', () => ({ origin: 'https://APP.example.com' }), PASS],
      ['a stranger', () => ({ origin: EVIL }), INVALID],
      ['another port', () => ({ origin: `${FRONT}:8443` }), INVALID],
      ['another scheme', () => ({ origin: 'http://app.example.com' }), INVALID],
      ['a longer name', () => ({ origin: `${FRONT}.evil.example` }), INVALID],
      ['a stranger with a good referer', () => ({ origin: EVIL, referer: `${FRONT}/x` }), INVALID],
      ['a good referer alone', () => ({ referer: `${FRONT}/page?x=1` }), PASS],
      ['a strange referer alone', () => ({ referer: `${EVIL}/page` }), INVALID],
      ['nowhere', () => ({}), MISSING],
      ['a null origin', () => ({ origin: 'null' }), MISSING],
      ['a null origin across sites', () => ({ origin: 'null', 'sec-fetch-site': 'cross-site' }), MISSING],
      ['a null origin of the same origin', () => ({ origin: 'null', 'sec-fetch-site': 'same-origin' }), PASS],
    ];
    for (const [source, headers, refusal] of withCookie) {
      it(`with a cookie, and ${refusal ? 'refuses' : 'lets pass'} ${source}`, async () => {
        for (const path of ['/sign-out', '/sign-in/email']) {
          const answer = await post(path, path === '/sign-out' ? {} : signingIn, { cookie: 'foo=bar', ...headers() });
          assertVerdict(answer, refusal);
        }
      });
    }

    // Without one, only what signs somebody in is checked, and only when a browser is recognised.
    const withoutCookie = [
      ['nowhere, as curl does', () => ({}), PASS],
      ['a front end', () => ({ origin: FRONT }), PASS],
      ['a stranger', () => ({ origin: EVIL }), INVALID],
      ['a null origin', () => ({ origin: 'null' }), MISSING],
      ['a strange referer', () => ({ referer: `${EVIL}/x` }), INVALID],
      ['a navigation across sites', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', origin: FRONT }), BLOCKED],
      ['a fetch across sites', () => ({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', origin: EVIL }), INVALID],
      ['a form of its own', () => ({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'navigate', origin: house.base }), PASS],
      ['a browser that names no origin', () => ({ 'sec-fetch-mode': 'cors' }), MISSING],
      ['blank fetch headers', () => ({ 'sec-fetch-mode': ' ' }), PASS],
    ];
    for (const [source, headers, refusal] of withoutCookie) {
      it(`at a login without cookies, and ${refusal ? 'refuses' : 'lets pass'} ${source}`, async () => {
        const entering = await post('/sign-in/email', signingIn, headers());
        assertVerdict(entering, refusal);
        const joining = await post('/sign-up/email', { ...signingIn, name: 'Again' }, headers());
        assertVerdict(joining, refusal);
      });
    }

    it('but not elsewhere without cookies, nor of a get', async () => {
      assert.equal((await post('/sign-out', {}, { origin: EVIL })).status, 200);
      const headers = { origin: EVIL, cookie: person.jar.header };
      assert.equal((await wire.get('/get-session', headers)).json().user.email, person.email);
    });

    it('before it looks at the body, and after it has read it', async () => {
      assertVerdict(await post('/sign-in/email', {}, { origin: EVIL }), INVALID);
      const unread = await post('/sign-in/email', '{', { origin: EVIL, 'content-type': 'application/json' });
      assert.equal(unread.json().code, 'BAD_REQUEST');
    });

    const targets = {
      pass: [
        '',
        '/ok',
        '/a?b=c&d=%20',
        '/a#frag',
        '/a b',
        '/ä',
        '/a/../b',
        `${FRONT}/x`,
        FRONT,
        'https://user@app.example.com/',
        'https://x.apps.example.com/p',
        'https://a.b.apps.example.com/p',
        'http://a.wild.example.org/',
        'mana://cb',
      ],
      refuse: [
        '//evil.com',
        '/\\evil.com',
        '/%2fevil',
        '/%5Cevil',
        '/a\tb',
        'relative',
        'javascript:alert(1)',
        'data:text/html,x',
        `${FRONT}:8443/`,
        `${FRONT}.evil.example/`,
        `${EVIL}/?${FRONT}`,
        `${EVIL}#${FRONT}`,
        `https://app.example.com@evil.example.net/`,
        'https://apps.example.com/p',
        'http://x.apps.example.com/p',
        'https://x.apps.example.com:444/p',
        'https://a.wild.example.org:3000/',
        'manas://cb',
      ],
    };
    for (const target of targets.pass) {
      it(`leads to ${JSON.stringify(target)}`, async () => {
        const body = { email: person.email, password: WRONG_PASSWORD, callbackURL: target };
        assert.equal((await wire.post('/sign-in/email', body)).json().code, 'INVALID_EMAIL_OR_PASSWORD');
        const answer = await wire.get(`/verify-email?token=abc&callbackURL=${encodeURIComponent(target)}`);
        assert.equal(answer.status, target === '' ? 401 : 302, answer.text);
      });
    }
    for (const target of targets.refuse) {
      it(`never leads to ${JSON.stringify(target)}`, async () => {
        assertTargetRefused(await wire.post('/sign-in/email', { ...signingIn, callbackURL: target }));
        assertTargetRefused(await wire.get(`/verify-email?token=abc&callbackURL=${encodeURIComponent(target)}`));
      });
    }

    it('checks every kind of target, at every endpoint, before anything else in the body', async () => {
      const names = {
        callbackURL: ['INVALID_CALLBACK_URL', 'Invalid callbackURL'],
        redirectTo: ['INVALID_REDIRECT_URL', 'Invalid redirectURL'],
        errorCallbackURL: ['INVALID_ERROR_CALLBACK_URL', 'Invalid errorCallbackURL'],
        newUserCallbackURL: ['INVALID_NEW_USER_CALLBACK_URL', 'Invalid newUserCallbackURL'],
      };
      for (const [name, refusal] of Object.entries(names)) {
        for (const path of ['/sign-out', '/sign-up/email', '/send-verification-email']) {
          assertVerdict(await wire.post(path, { [name]: EVIL }), refusal);
          const wrong = await wire.post(path, { [name]: 5 });
          const label = name === 'redirectTo' ? 'redirectURL' : name;
          assert.deepEqual([wrong.status, wrong.text], [400, `{"message":"Invalid ${label}: expected a string"}`]);
        }
      }
    });

    it('checks the target of a query where the body has none', async () => {
      const answer = await wire.post(`/sign-in/email?callbackURL=${encodeURIComponent(EVIL)}`, signingIn);

      assertTargetRefused(answer);
    });

    it('leads nowhere for two targets in one query', async () => {
      const answer = await wire.get(`/verify-email?token=abc&callbackURL=/ok&callbackURL=${encodeURIComponent(EVIL)}`);

      assert.equal(answer.headers.location, undefined);
      assert.ok([400, 403].includes(answer.status), `${answer.status} ${answer.text}`);
    });

    it('answers a preflight of a front end, and of nobody else', async () => {
      const preflight = (origin) =>
        wire.send('/sign-in/email', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
      const answer = await preflight(FRONT);
      assert.equal(answer.status, 204);
      assert.equal(answer.headers['access-control-allow-origin'], FRONT);
      assert.equal(answer.headers['access-control-allow-credentials'], 'true');
      assert.match(answer.headers['access-control-allow-headers'], /content-type.*authorization/i);

      for (const origin of [EVIL, 'https://x.apps.example.com']) {
        const strange = await preflight(origin);
        assert.equal(strange.status, 404);
        assert.equal(strange.headers['access-control-allow-origin'], undefined);
      }
    });

    it('shows a front end the headers it needs', async () => {
      const answer = await post('/sign-in/email', signingIn, { origin: FRONT });

      assert.equal(answer.headers['access-control-allow-origin'], FRONT);
      for (const name of ['set-auth-token', 'set-auth-jwt', 'X-Retry-After']) {
        assert.ok(answer.headers['access-control-expose-headers'].toLowerCase().includes(name.toLowerCase()), name);
      }
    });

    const post = (path, body, headers) => send(house.base, `/api/auth${path}`, { method: 'POST', body, headers });

    function assertVerdict(answer, refusal) {
      if (refusal === PASS) {
        assert.equal(answer.status, 200, answer.text);
      } else {
        const [code, message] = refusal;
        assert.deepEqual([answer.status, answer.text], [403, JSON.stringify({ message, code })]);
      }
    }

    function assertTargetRefused(answer) {
      assertVerdict(answer, ['INVALID_CALLBACK_URL', 'Invalid callbackURL']);
      assert.equal(answer.headers.location, undefined);
    }
  });
