import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { GOOD_PASSWORD, addressOf, resident, signIn } from '../support/people.mjs';
import { send, wireOf } from '../support/wire.mjs';

// How the wire reads requests and words its answers, as recorded from the reference server.
export const requests = (house) =>
  describe('A request to the wire', () => {
    const wire = wireOf(house);
    let person;

    before(async () => {
      person = await resident(house, 'Ann');
    });

    it('to /ok is answered', async () => {
      const answer = await wire.get('/ok');

      assert.deepEqual([answer.status, answer.headers['content-type'], answer.text], [200, 'application/json', '{"ok":true}']);
    });

    const nowhere = [
      ['an unknown path', 'GET', '/api/auth/nope'],
      ['the base path alone', 'GET', '/api/auth'],
      ['a post where one gets', 'POST', '/api/auth/ok'],
      ['a get where one posts', 'GET', '/api/auth/sign-in/email'],
      ['a put', 'PUT', '/api/auth/sign-in/email'],
      ['a head', 'HEAD', '/api/auth/ok'],
      ['options without a preflight', 'OPTIONS', '/api/auth/sign-in/email'],
      ['a trailing slash', 'GET', '/api/auth/ok/'],
      ['a double slash inside', 'GET', '/api/auth//ok'],
      ['a double slash in front', 'GET', '//api/auth/ok'],
      ['another case of the path', 'GET', '/api/auth/OK'],
      ['another case of the base path', 'GET', '/API/auth/ok'],
    ];
    for (const [situation, method, path] of nowhere) {
      it(`is an empty 404 for ${situation}`, async () => {
        const answer = await send(house.base, path, { method, headers: { origin: house.base } });

        assert.deepEqual([answer.status, answer.text, answer.headers['content-type'], answer.cookies], [404, '', undefined, []]);
        assert.equal(answer.headers.allow, undefined);
      });
    }

    it('is another matter beside the wire, where a head is a get without its body', async () => {
      const answer = await send(house.base, '/api/v1/health', { method: 'HEAD' });

      assert.deepEqual([answer.status, answer.text, answer.headers['content-type']], [200, '', 'application/json']);
      assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    });

    it('is the only 405 for a post to /get-session', async () => {
      const answer = await wire.post('/get-session', {});

      assert.equal(answer.status, 405);
      assert.equal(
        answer.text,
        '{"message":"POST method requires deferSessionRefresh to be enabled in session config",' +
          '"code":"METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED"}',
      );
      assert.deepEqual([answer.headers['cache-control'], answer.headers.pragma], ['no-store', 'no-cache']);
    });

    it('is refused with another media type, which is named', async () => {
      for (const type of ['text/plain', 'application/vnd.api+json', 'multipart/form-data; boundary=b']) {
        const headers = { 'content-type': type };
        const signingIn = await wire.post('/sign-in/email', '{"a":1}', headers);
        const sending = await wire.post('/send-verification-email', '{"a":1}', headers);

        assertRefused(
          signingIn,
          415,
          'UNSUPPORTED_MEDIA_TYPE',
          `Content-Type "${type}" is not allowed. Allowed types: application/x-www-form-urlencoded, application/json`,
        );
        assertRefused(sending, 415, 'UNSUPPORTED_MEDIA_TYPE', `Content-Type "${type}" is not allowed. Allowed types: application/json`);
      }
    });

    it('may name a charset', async () => {
      const answer = await wire.post('/sign-in/email', '{"email":"a@example.com"}', { 'content-type': 'application/json; charset=utf-8' });

      assertRefused(answer, 400, 'VALIDATION_ERROR', '[body.password] Invalid input: expected string, received undefined');
    });

    it('may sign in and up with a form', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const fields = { email: person.email, password: person.password, callbackURL: '/home' };
      const signedIn = await wire.post('/sign-in/email', String(new URLSearchParams(fields)), headers);
      assert.equal(signedIn.status, 200, signedIn.text);
      assert.equal(signedIn.headers.location, '/home');
      assert.equal(signedIn.json().user.email, person.email);

      const email = addressOf('form');
      const form = `name=Form+%C3%84&email=${email}&password=${GOOD_PASSWORD.replaceAll(' ', '+')}`;
      const signedUp = await wire.post('/sign-up/email', form, headers);
      assert.equal(signedUp.status, 200, signedUp.text);
      assert.equal(signedUp.json().user.name, 'Form Ä');
    });

    it('is refused when a form says one thing twice', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const answer = await wire.post('/sign-in/email', `email=a@example.com&email=${person.email}&password=x`, headers);

      assertRefused(answer, 400, 'BAD_REQUEST', 'Invalid form in request body');
    });

    it('has only text in a form', async () => {
      const form = `email=${person.email}&password=x&rememberMe=false`;
      const answer = await wire.post('/sign-in/email', form, { 'content-type': 'application/x-www-form-urlencoded' });

      assertRefused(answer, 400, 'VALIDATION_ERROR', '[body.rememberMe] Invalid input: expected boolean, received string');
    });

    it('is refused when its JSON is none', async () => {
      for (const text of ['{', 'nonsense', '{"email":"a@example.com",}', '{"email":"a","email":"b"}', '{"email":"a\\u0000"}']) {
        const answer = await wire.post('/sign-in/email', text, { 'content-type': 'application/json' });

        assertRefused(answer, 400, 'BAD_REQUEST', 'Invalid JSON in request body');
      }
    });

    const invalid = [
      ['/sign-in/email', undefined, '[body] Invalid input: expected object, received undefined'],
      ['/sign-in/email', 'null', '[body] Invalid input: expected object, received null'],
      ['/sign-in/email', '[]', '[body] Invalid input: expected object, received array'],
      [
        '/sign-in/email',
        '{}',
        ['email', 'password'].map((name) => `[body.${name}] Invalid input: expected string, received undefined`).join('; '),
      ],
      [
        '/sign-in/email',
        '{"email":1,"password":true}',
        '[body.email] Invalid input: expected string, received number; [body.password] Invalid input: expected string, received boolean',
      ],
      [
        '/sign-in/email',
        '{"email":"a@example.com","password":"x","rememberMe":"yes"}',
        '[body.rememberMe] Invalid input: expected boolean, received string',
      ],
      [
        '/sign-in/email',
        '{"email":"a@example.com","password":"x","rememberMe":null}',
        '[body.rememberMe] Invalid input: expected boolean, received null',
      ],
      [
        '/sign-up/email',
        '{}',
        ['name', 'email', 'password'].map((name) => `[body.${name}] Invalid input: expected string, received undefined`).join('; '),
      ],
      [
        '/sign-up/email',
        '{"name":"A","email":"a@example.com","password":""}',
        '[body.password] Too small: expected string to have >=1 characters',
      ],
      [
        '/sign-up/email',
        '{"name":"A","email":"a@example.com","password":"long enough","image":[]}',
        '[body.image] Invalid input: expected string, received array',
      ],
      ['/sign-up/email', '{"name":"A","email":"a b@example.com","password":"x"}', '[body.email] Invalid email address'],
      ['/send-verification-email', '{"email":"a"}', '[body.email] Invalid email address'],
    ];
    for (const [path, body, message] of invalid) {
      it(`is told what is wrong with ${body ?? 'no body'} at ${path}`, async () => {
        const answer = await wire.post(path, body, body === undefined ? {} : { 'content-type': 'application/json' });

        assertRefused(answer, 400, 'VALIDATION_ERROR', message);
      });
    }

    it('is told what is wrong with a query', async () => {
      const missing = await wire.get('/verify-email');
      const twice = await wire.get('/verify-email?token=a&token=b');

      assertRefused(missing, 400, 'VALIDATION_ERROR', '[query.token] Invalid input: expected string, received undefined');
      assertRefused(twice, 400, 'VALIDATION_ERROR', '[query.token] Invalid input: expected string, received array');
    });

    it('is held to the length of a password', async () => {
      const up = (password) => wire.post('/sign-up/email', { name: 'A', email: addressOf('a'), password });

      assertRefused(await up('1234567'), 400, 'PASSWORD_TOO_SHORT', 'Password too short');
      assertRefused(await up('x'.repeat(129)), 400, 'PASSWORD_TOO_LONG', 'Password too long');
      assert.equal((await up('😀😀😀😀')).status, 200);
      const signingIn = await wire.post('/sign-in/email', { email: person.email, password: 'x'.repeat(129) });
      assertRefused(signingIn, 400, 'PASSWORD_TOO_LONG', 'Password too long');
    });

    it('drops members nobody declared, and cannot set those that are not its own', async () => {
      const body = {
        name: '',
        email: addressOf('eve').replace('eve', 'Eve'),
        password: GOOD_PASSWORD,
        id: 'mine',
        emailVerified: true,
        banned: true,
        twoFactorEnabled: true,
        color: 'red',
      };
      const { user } = (await wire.post('/sign-up/email', body)).json();

      assert.deepEqual(
        Object.keys(user),
        ['name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt', 'twoFactorEnabled', 'role', 'banned', 'banReason', 'banExpires', 'id'],
      );
      const { createdAt, updatedAt, id, ...rest } = user;
      assert.deepEqual(rest, {
        name: '',
        email: body.email.toLowerCase(),
        emailVerified: false,
        image: null,
        twoFactorEnabled: false,
        role: 'user',
        banned: false,
        banReason: null,
        banExpires: null,
      });
      assert.notEqual(id, 'mine');
      assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.equal(updatedAt, createdAt);
    });

    it('signs in with the address in any case', async () => {
      const { answer } = await signIn(house, { ...person, email: person.email.toUpperCase() });

      assert.equal(answer.json().user.email, person.email);
    });

    it('verifies nothing with a bad token', async () => {
      assertRefused(await wire.get('/verify-email?token=abc'), 401, 'INVALID_TOKEN', 'Invalid token');
      const relative = await wire.get('/verify-email?token=abc&callbackURL=/w');
      assertRedirect(relative, '/w?error=INVALID_TOKEN');
      const target = encodeURIComponent(`${house.base}/w?x=1#frag`);
      assertRedirect(await wire.get(`/verify-email?token=abc&callbackURL=${target}`), `${house.base}/w?x=1&error=INVALID_TOKEN#frag`);
    });

    it('answers without a session where a link was used before', async () => {
      const used = new URL(await house.verificationLink(person.email));
      const answer = await wire.get(`/verify-email?token=${used.searchParams.get('token')}`);

      assert.deepEqual([answer.status, answer.text, answer.cookies], [200, '{"status":true,"user":null}', []]);
    });

    it('is signed in by a link without a target, once, however many click at the same time', async () => {
      const email = addressOf('race');
      await wire.post('/sign-up/email', { name: 'Race', email, password: GOOD_PASSWORD });
      const token = new URL(await house.verificationLink(email)).searchParams.get('token');
      const answers = await Promise.all([1, 2, 3, 4].map(() => wire.get(`/verify-email?token=${token}`)));

      assert.deepEqual(new Set(answers.map((answer) => answer.text)), new Set(['{"status":true,"user":null}']));
      assert.equal(answers.filter((answer) => answer.cookies.length > 0).length, 1);
    });

    it('lets one of several sign up for the same address, and tells the others nothing', async () => {
      const body = { name: 'Race', email: addressOf('race'), password: GOOD_PASSWORD };
      const answers = await Promise.all([1, 2, 3, 4].map(() => wire.post('/sign-up/email', body)));

      assert.deepEqual(
        answers.map((answer) => answer.status),
        [200, 200, 200, 200],
      );
      assert.equal(new Set(answers.map((answer) => answer.json().user.id)).size, 4);
      assert.equal((await house.verificationLinks(body.email)).length, 1);
    });

    function assertRefused(answer, status, code, message) {
      assert.equal(answer.text, JSON.stringify({ message, code }));
      assert.deepEqual([answer.status, answer.headers['content-type']], [status, 'application/json']);
    }

    function assertRedirect(answer, location) {
      assert.deepEqual([answer.status, answer.headers.location, answer.text], [302, location, '']);
      assert.equal(answer.headers['content-type'], 'application/json');
    }
  });
