import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { resident, signIn } from '../support/people.mjs';
import { wireOf } from '../support/wire.mjs';

const SIGNED = String.raw`[A-Za-z0-9]{32}\.[A-Za-z0-9%]{43,}%3D`;
const CLEARED = ['session_token', 'session_data', 'dont_remember'].map(
  (name) => `mana.${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`,
);
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

// Cookies and bearers of sessions, as recorded from the reference server.
export const sessions = (house) =>
  describe('A session on the wire', () => {
    const wire = wireOf(house);
    let person;
    let mine; // a session that stays
    let signed; // its cookie's value, decoded

    before(async () => {
      person = await resident(house, 'Sam');
      mine = await signIn(house, person);
      signed = decodeURIComponent(mine.jar.value('mana.session_token'));
    });

    it('comes with one cookie, byte by byte', () => {
      const { answer, token } = mine;

      assert.equal(answer.cookies.length, 1);
      assert.match(answer.cookies[0], new RegExp(`^mana\\.session_token=${SIGNED}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax$`));
      assert.ok(signed.startsWith(`${token}.`));
      assert.equal(answer.headers['set-auth-token'], signed);
      assert.equal(answer.headers['access-control-expose-headers'].includes('set-auth-token'), true);
      assert.deepEqual(Object.keys(answer.json()), ['redirect', 'token', 'user']);
      assert.equal(answer.headers.location, undefined);
    });

    it('names the target it was asked for', async () => {
      const { answer } = await signIn(house, person, { callbackURL: '/dash' });

      assert.equal(answer.headers.location, '/dash');
      const { user, token, ...rest } = answer.json();
      assert.deepEqual(rest, { redirect: true, url: '/dash' });
      assert.deepEqual(Object.keys(answer.json()), ['redirect', 'token', 'url', 'user']);
    });

    it('comes with two cookies of the browser session when it is not to be remembered', async () => {
      const { answer, jar } = await signIn(house, person, { rememberMe: false });

      assert.equal(answer.cookies.length, 2);
      assert.match(answer.cookies[0], new RegExp(`^mana\\.session_token=${SIGNED}; Path=/; HttpOnly; SameSite=Lax$`));
      assert.match(answer.cookies[1], /^mana\.dont_remember=true\.[A-Za-z0-9%]+%3D; Path=\/; HttpOnly; SameSite=Lax$/);
      const { session } = (await wire.get('/get-session', { cookie: jar.header })).json();
      assert.equal(new Date(session.expiresAt) - new Date(session.createdAt), 86_400_000);
    });

    it('is remembered again when the browser asks for that', async () => {
      const forgotten = await signIn(house, person, { rememberMe: false });
      const { answer } = await signIn(house, person, {}, { cookie: forgotten.jar.header });

      assert.equal(answer.cookies.length, 2);
      assert.ok(answer.cookies[0].startsWith('mana.session_token='));
      assert.equal(answer.cookies[1], CLEARED[2]);
    });

    it('is read with its person', async () => {
      const answer = await read(mine.jar.header);

      assert.equal(answer.status, 200);
      assert.deepEqual(
        ['content-type', 'cache-control', 'pragma'].map((name) => answer.headers[name]),
        ['application/json', 'no-store', 'no-cache'],
      );
      assert.match(answer.headers['set-auth-jwt'], /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.deepEqual(answer.cookies, []);
      const { session, user, ...rest } = answer.json();
      assert.deepEqual(rest, {});
      assert.deepEqual(
        Object.keys(session),
        ['expiresAt', 'token', 'createdAt', 'updatedAt', 'ipAddress', 'userAgent', 'userId', 'activeOrganizationId', 'impersonatedBy', 'id'],
      );
      assert.deepEqual(
        Object.keys(user),
        ['name', 'email', 'emailVerified', 'image', 'createdAt', 'updatedAt', 'twoFactorEnabled', 'role', 'banned', 'banReason', 'banExpires', 'id'],
      );
      for (const instant of [session.expiresAt, session.createdAt, session.updatedAt, user.createdAt, user.updatedAt]) {
        assert.match(instant, INSTANT);
      }

      assert.equal(new Date(session.expiresAt) - new Date(session.createdAt), 604_800_000);
      assert.deepEqual([session.token, session.userAgent, session.activeOrganizationId], [mine.token, '', null]);
      assert.deepEqual([user.id, user.email, user.emailVerified], [session.userId, person.email, true]);
    });

    it('is null without a cookie', async () => {
      const answer = await wire.get('/get-session');

      assert.deepEqual([answer.status, answer.text, answer.cookies], [200, 'null', []]);
      assert.deepEqual([answer.headers['cache-control'], answer.headers.pragma], ['no-store', 'no-cache']);
      assert.equal(answer.headers['set-auth-jwt'], undefined);
    });

    const unreadable = {
      'a cookie without a signature': () => `mana.session_token=${mine.token}`,
      'a short signature': () => 'mana.session_token=abc.def',
      'a signature of another token': () => `mana.session_token=${'a'.repeat(32)}${encodeURIComponent(signed.slice(32))}`,
      'a cookie of a secure server': () => `__Secure-${mine.jar.header}`,
      'a bad cookie before a good one': () => `mana.session_token=x; ${mine.jar.header}`,
    };
    for (const [situation, cookie] of Object.entries(unreadable)) {
      it(`is nobody's for ${situation}, and nothing is cleared`, async () => {
        const answer = await read(cookie());

        assert.deepEqual([answer.status, answer.text, answer.cookies], [200, 'null', []]);
      });
    }

    const readable = {
      'a cookie that is not encoded': () => `mana.session_token=${signed}`,
      'a cookie in double quotes': () => `mana.session_token="${signed}"`,
      'a good cookie before a bad one': () => `${mine.jar.header}; mana.session_token=x`,
      'the same cookie twice': () => `${mine.jar.header}; ${mine.jar.header}`,
      'other cookies around it': () => `a=b; =; ;; ${mine.jar.header}; "c`,
    };
    for (const [situation, cookie] of Object.entries(readable)) {
      it(`is read from ${situation}`, async () => {
        assert.equal((await read(cookie())).json()?.session.token, mine.token);
      });
    }

    // Ours alone: the reference takes the first.
    it('is nobody\'s for two different cookies that are both signed', async () => {
      const other = await signIn(house, person);

      assert.equal((await read(`${other.jar.header}; ${mine.jar.header}`)).text, 'null');
    });

    it('is read from a bearer, raw, signed or encoded, whatever the case of the scheme', async () => {
      for (const bearer of [`Bearer ${mine.token}`, `Bearer ${signed}`, `Bearer ${encodeURIComponent(signed)}`, `bearer ${signed}`]) {
        assert.equal((await wire.get('/get-session', { authorization: bearer })).json()?.session.token, mine.token);
      }
    });

    it('is nobody\'s for a bearer with a bad signature, and the cookie counts then', async () => {
      const authorization = `Bearer ${mine.token}.AAAA`;
      const alone = await wire.get('/get-session', { authorization });
      const beside = await wire.get('/get-session', { authorization, cookie: mine.jar.header });

      assert.deepEqual([alone.text, alone.cookies], ['null', []]);
      assert.equal(beside.json().session.token, mine.token);
    });

    it('is asked of a bearer first: an unknown one clears the cookies', async () => {
      for (const cookie of [undefined, mine.jar.header]) {
        const answer = await wire.get('/get-session', { authorization: 'Bearer nope', cookie });

        assert.deepEqual([answer.status, answer.text, answer.cookies], [200, 'null', CLEARED]);
      }
    });

    it('does not mind other schemes', async () => {
      const answer = await wire.get('/get-session', { authorization: 'Basic YTpi', cookie: mine.jar.header });

      assert.equal(answer.json().session.token, mine.token);
    });

    it('gives a token of three parts, and none to strangers', async () => {
      const answer = await wire.get('/token', { cookie: mine.jar.header });
      assert.deepEqual([answer.status, Object.keys(answer.json()), answer.cookies], [200, ['token'], []]);
      assert.equal(answer.json().token.split('.').length, 3);

      const stranger = await wire.get('/token');
      assert.deepEqual([stranger.status, stranger.text], [401, '{"message":"Unauthorized","code":"UNAUTHORIZED"}']);
      assert.deepEqual(stranger.cookies, []);
    });

    it('ends with three cleared cookies, and again, and without any', async () => {
      const { jar } = await signIn(house, person);
      for (const cookie of [jar.header, jar.header, undefined]) {
        const answer = await wire.post('/sign-out', {}, { cookie });

        assert.deepEqual([answer.status, answer.text, answer.cookies], [200, '{"success":true}', CLEARED]);
      }
    });

    it('ends without a body too, and by a bearer', async () => {
      const first = await signIn(house, person);
      const second = await signIn(house, person);
      assert.equal((await wire.post('/sign-out', undefined, { cookie: first.jar.header })).text, '{"success":true}');
      assert.equal((await wire.post('/sign-out', {}, { authorization: `Bearer ${second.token}` })).text, '{"success":true}');

      for (const { jar } of [first, second]) {
        assert.equal((await read(jar.header)).text, 'null');
      }
      assert.equal((await read(mine.jar.header)).json().session.token, mine.token);
    });

    it('that has ended is cleared wherever it is shown', async () => {
      const { jar } = await signIn(house, person);
      await wire.post('/sign-out', {}, { cookie: jar.header });
      const session = await read(jar.header);
      const token = await wire.get('/token', { cookie: jar.header });

      assert.deepEqual([session.status, session.text, session.cookies], [200, 'null', CLEARED]);
      assert.deepEqual([token.status, token.cookies], [401, CLEARED]);
    });

    it('keeps the agent that opened it', async () => {
      const { jar } = await signIn(house, person, {}, { 'user-agent': 'rec/1.0' });

      assert.equal((await read(jar.header)).json().session.userAgent, 'rec/1.0');
    });

    it('asks for another link only for its own address', async () => {
      const body = { email: 'somebody-else@example.com' };
      const other = await wire.post('/send-verification-email', body, { cookie: mine.jar.header });
      const own = await wire.post('/send-verification-email', { email: person.email }, { cookie: mine.jar.header });

      assert.deepEqual([other.status, other.text], [400, '{"message":"Email mismatch","code":"EMAIL_MISMATCH"}']);
      assert.deepEqual([own.status, own.text], [400, '{"message":"Email is already verified","code":"EMAIL_ALREADY_VERIFIED"}']);
    });

    const read = (cookie) => wire.get('/get-session', { cookie });
  });
