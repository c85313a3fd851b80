import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Jar } from './jar.mjs';
import { send } from './wire.mjs';

export const GOOD_PASSWORD = 'correct horse battery';
export const WRONG_PASSWORD = 'incorrect horse battery';

export const addressOf = (name) => `${name.toLowerCase()}-${randomBytes(4).toString('hex')}@example.com`;

/** Signs somebody up over the wire and follows the link of the mail where the house asks for it; they are signed in afterwards. */
export async function resident(house, name) {
  const email = addressOf(name);
  const headers = { origin: house.base };
  const body = { name, email, password: GOOD_PASSWORD };
  const signUp = await send(house.base, '/api/auth/sign-up/email', { method: 'POST', headers, body });
  assert.equal(signUp.status, 200, signUp.text);
  const jar = new Jar().take(signUp.cookies);
  if (signUp.json().token === null) {
    const link = new URL(await house.verificationLink(email));
    const followed = await send(house.base, link.pathname + link.search);
    assert.equal(followed.status, 302, followed.text);
    jar.take(followed.cookies);
  }

  return { name, email, password: GOOD_PASSWORD, jar };
}

/** Signs in again, as another browser would. */
export async function signIn(house, person, more = {}, headers = {}) {
  const answer = await send(house.base, '/api/auth/sign-in/email', {
    method: 'POST',
    headers: { origin: house.base, ...headers },
    body: { email: person.email, password: person.password, ...more },
  });
  assert.equal(answer.status, 200, answer.text);

  return { answer, token: answer.json().token, jar: new Jar().take(answer.cookies) };
}
