import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { Browser } from './support/client.mjs';
import { useHouse } from './support/house.mjs';
import { GOOD_PASSWORD, WRONG_PASSWORD, addressOf } from './support/people.mjs';

describe('The client of Better Auth, while a mailbox has to be proved', () => {
  const house = useHouse({ REQUIRE_EMAIL_VERIFICATION: 'on', MAIL_LINKS: 'direct', RATE_LIMITS: 'off' });
  const email = addressOf('ada');
  let browser;
  let link;
  let signUp;

  before(() => {
    browser = new Browser(house.base);
  });

  it('signs somebody up without signing them in', async () => {
    signUp = await ok(browser.auth.signUp.email({ name: 'Ada', email, password: GOOD_PASSWORD, callbackURL: '/welcome' }));

    assert.equal(signUp.token, null);
    assert.equal(signUp.user.email, email);
    assert.equal(signUp.user.emailVerified, false);
    assert.ok(signUp.user.createdAt instanceof Date);
    assert.deepEqual(browser.jar.names, []);
    assert.equal(await ok(browser.auth.getSession()), null);
  });

  it('is refused until the mailbox is proved', async () => {
    const error = await refused(browser.auth.signIn.email({ email, password: GOOD_PASSWORD }));

    assert.deepEqual([error.status, error.code, error.message], [403, 'EMAIL_NOT_VERIFIED', 'Email not verified']);
  });

  it('tells a stranger nothing about that', async () => {
    const error = await refused(browser.auth.signIn.email({ email, password: WRONG_PASSWORD }));

    assert.deepEqual([error.status, error.code], [401, 'INVALID_EMAIL_OR_PASSWORD']);
  });

  it('gets the same answer for an address that is taken, and only whoever reads its mail is told', async () => {
    const body = { name: 'Eve', email, password: 'another good password' };
    const again = await ok(new Browser(house.base).auth.signUp.email(body));

    assert.equal(again.token, null);
    assert.deepEqual(Object.keys(again.user), Object.keys(signUp.user));
    assert.equal(again.user.name, 'Eve');
    assert.equal(again.user.email, email);
    assert.equal(again.user.emailVerified, false);
    assert.notEqual(again.user.id, signUp.user.id);
    const [notice] = await house.mailsTo(email, 2);
    assert.match(notice.text, /somebody has just tried to sign up/);
    assert.equal((await house.verificationLinks(email)).length, 1);
  });

  it('asks for another link, which replaces the first', async () => {
    const first = await house.verificationLink(email);
    assert.deepEqual(await ok(browser.auth.sendVerificationEmail({ email, callbackURL: '/welcome' })), { status: true });
    [link] = await house.verificationLinks(email, 2);

    assert.ok(link.startsWith(`${house.base}/api/auth/verify-email?token=`), link);
    assert.equal(new URL(link).searchParams.get('callbackURL'), '/welcome');
    assert.notEqual(link, first);
    const stale = await new Browser(house.base).visit(first);
    assert.equal(stale.headers.get('location'), '/welcome?error=TOKEN_EXPIRED');
  });

  it('is signed in by the link in the mail', async () => {
    const visited = await browser.visit(link);

    assert.equal(visited.status, 302);
    assert.equal(visited.headers.get('location'), '/welcome');
    assert.deepEqual(browser.jar.names, ['mana.session_token']);
  });

  it('reads the session', async () => {
    const { session, user } = await ok(browser.auth.getSession());

    assert.equal(user.id, signUp.user.id);
    assert.equal(user.emailVerified, true);
    assert.equal(session.userId, user.id);
    assert.ok(session.expiresAt instanceof Date);
    assert.ok(Math.abs(session.expiresAt - Date.now() - 604_800_000) < 60_000);
  });

  it('gets a token that jose accepts', async () => {
    const { token } = await ok(browser.auth.token());
    const keys = createRemoteJWKSet(new URL('/api/auth/jwks', house.base));
    const { payload } = await jwtVerify(token, keys, { issuer: 'manacore', audience: 'manacore' });

    assert.equal(payload.sub, signUp.user.id);
    assert.equal(payload.email, email);
    const { session } = await ok(browser.auth.getSession());
    assert.equal(payload.sid, session.id);
  });

  it('reads the keys itself', async () => {
    const { keys } = await ok(browser.auth.jwks());

    assert.deepEqual([keys[0].alg, keys[0].crv, keys[0].kty], ['EdDSA', 'Ed25519', 'OKP']);
  });

  it('cannot ask for a link any more', async () => {
    const error = await refused(browser.auth.sendVerificationEmail({ email }));

    assert.deepEqual([error.status, error.code], [400, 'EMAIL_ALREADY_VERIFIED']);
  });

  it('is not signed in when the link is used a second time', async () => {
    const other = new Browser(house.base);
    const visited = await other.visit(link);

    assert.equal(visited.status, 302);
    assert.equal(visited.headers.get('location'), '/welcome');
    assert.deepEqual(other.jar.names, []);
    assert.equal(await ok(other.auth.getSession()), null);
  });

  it('signs out', async () => {
    const { token } = await ok(browser.auth.token());
    assert.deepEqual(await ok(browser.auth.signOut()), { success: true });

    assert.deepEqual(browser.jar.names, []);
    assert.equal(await ok(browser.auth.getSession()), null);
    const error = await refused(browser.auth.token());
    assert.deepEqual([error.status, error.code], [401, 'UNAUTHORIZED']);
    assert.deepEqual(await validate(token), { valid: false, error: 'Session revoked' });
  });

  it('signs in', async () => {
    const answer = await ok(browser.auth.signIn.email({ email, password: GOOD_PASSWORD }));

    assert.equal(answer.redirect, false);
    assert.equal(answer.user.id, signUp.user.id);
    const { session } = await ok(browser.auth.getSession());
    assert.equal(session.token, answer.token);
  });

  it('is refused with a wrong password, and for an unknown address alike', async () => {
    const wrong = await refused(browser.auth.signIn.email({ email, password: WRONG_PASSWORD }));
    const unknown = await refused(browser.auth.signIn.email({ email: addressOf('nobody'), password: GOOD_PASSWORD }));

    assert.deepEqual([wrong.status, wrong.code, wrong.message], [401, 'INVALID_EMAIL_OR_PASSWORD', 'Invalid email or password']);
    assert.deepEqual(unknown, wrong);
  });

  it('gets the words of Better Auth for what it cannot read', async () => {
    const { auth } = new Browser(house.base);
    const password = GOOD_PASSWORD;
    const cases = [
      [auth.signUp.email({ name: 'A', password }), '[body.email] Invalid input: expected string, received undefined'],
      [auth.signUp.email({ name: 'A', email: 'a@b.c', password }), '[body.email] Invalid email address'],
      [auth.signUp.email({ name: 'A', email: ' a@example.com', password }), '[body.email] Invalid email address'],
      [auth.signUp.email({ name: 5, email: 'a@example.com', password }), '[body.name] Invalid input: expected string, received number'],
      [auth.sendVerificationEmail({ email: 'nonsense' }), '[body.email] Invalid email address'],
      [auth.signIn.email({ email }), '[body.password] Invalid input: expected string, received undefined'],
    ];
    for (const [asked, message] of cases) {
      const error = await refused(asked);
      assert.deepEqual([error.status, error.code, error.message], [400, 'VALIDATION_ERROR', message]);
    }

    const invalid = await refused(auth.signIn.email({ email: 'nonsense', password }));
    assert.deepEqual([invalid.status, invalid.code, invalid.message], [400, 'INVALID_EMAIL', 'Invalid email']);
  });

  it('asks for a link for an unknown address and learns nothing', async () => {
    const unknown = addressOf('unknown');
    const started = Date.now();
    assert.deepEqual(await ok(new Browser(house.base).auth.sendVerificationEmail({ email: unknown })), { status: true });

    assert.ok(Date.now() - started >= 490, 'a stranger waits half a second, whatever is known of the address');
    assert.deepEqual(
      (await house.mailbox()).filter((mail) => mail.to === unknown),
      [],
    );
  });

  async function validate(token) {
    const response = await fetch(`${house.base}/api/v1/auth/validate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });

    return response.json();
  }
});

describe('The client of Better Auth, where nobody has to prove a mailbox', () => {
  const house = useHouse({ REQUIRE_EMAIL_VERIFICATION: 'off', MAIL_LINKS: 'direct', RATE_LIMITS: 'off' });
  const email = addressOf('bea');
  let browser;

  before(() => {
    browser = new Browser(house.base);
  });

  it('is signed in by signing up', async () => {
    const answer = await ok(browser.auth.signUp.email({ name: 'Bea', email, password: GOOD_PASSWORD }));

    assert.equal(typeof answer.token, 'string');
    assert.deepEqual(browser.jar.names, ['mana.session_token']);
    const { session, user } = await ok(browser.auth.getSession());
    assert.equal(session.token, answer.token);
    assert.equal(user.id, answer.user.id);
  });

  it('is told that an address is taken', async () => {
    const error = await refused(new Browser(house.base).auth.signUp.email({ name: 'Eve', email, password: GOOD_PASSWORD }));

    assert.deepEqual(
      [error.status, error.code, error.message],
      [422, 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL', 'User already exists. Use another email.'],
    );
  });

  it('keeps no cookie beyond the browser for somebody who is not to be remembered', async () => {
    const other = new Browser(house.base);
    await ok(other.auth.signIn.email({ email, password: GOOD_PASSWORD, rememberMe: false }));

    assert.deepEqual(other.jar.names, ['mana.session_token', 'mana.dont_remember']);
    for (const line of other.lastCookies) {
      assert.doesNotMatch(line, /Max-Age|Expires/);
    }

    const { session } = await ok(other.auth.getSession());
    assert.ok(Math.abs(session.expiresAt - Date.now() - 86_400_000) < 60_000);
  });

  it('forgets that wish when the same browser asks to be remembered later', async () => {
    const other = new Browser(house.base);
    await ok(other.auth.signIn.email({ email, password: GOOD_PASSWORD, rememberMe: false }));
    await ok(other.auth.signIn.email({ email, password: GOOD_PASSWORD }));

    assert.deepEqual(other.jar.names, ['mana.session_token']);
  });

  it('is not remembered after a sign-up either when it asks for that', async () => {
    const other = new Browser(house.base);
    const body = { name: 'Cy', email: addressOf('cy'), password: GOOD_PASSWORD, rememberMe: false };
    await ok(other.auth.signUp.email(body));

    assert.deepEqual(other.jar.names, ['mana.session_token', 'mana.dont_remember']);
  });

  it('signs out of this browser and stays signed in in the other', async () => {
    const other = new Browser(house.base);
    await ok(other.auth.signIn.email({ email, password: GOOD_PASSWORD }));
    await ok(browser.auth.signOut());

    assert.equal(await ok(browser.auth.getSession()), null);
    assert.equal((await ok(other.auth.getSession())).user.email, email);
  });
});

async function ok(asked) {
  const { data, error } = await asked;
  assert.equal(error, null);

  return data;
}

async function refused(asked) {
  const { data, error } = await asked;
  assert.equal(data, null);

  return error;
}
