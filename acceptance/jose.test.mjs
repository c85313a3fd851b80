import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { useHouse } from './support/house.mjs';
import { GOOD_PASSWORD, addressOf } from './support/people.mjs';
import { send } from './support/wire.mjs';

const KEY_SETS = ['/api/v1/auth/jwks', '/.well-known/jwks.json', '/api/auth/jwks'];

describe('A service that checks tokens with jose', () => {
  const house = useHouse({ RATE_LIMITS: 'off' });
  const email = addressOf('jo');
  const tokens = {};
  let keys;
  let userId;

  // The snippet of seed 000, as a service of the ecosystem has it.
  const verify = (token, more = {}) => jwtVerify(token, keys, { issuer: 'manacore', audience: 'manacore', ...more });

  before(async () => {
    keys = createRemoteJWKSet(new URL('/api/v1/auth/jwks', house.base));
    const register = await post('/api/v1/auth/register', { email, password: GOOD_PASSWORD, name: 'Jo' });
    assert.equal(register.status, 201, register.text);
    userId = register.json().id;
    const login = await post('/api/v1/auth/login', { email, password: GOOD_PASSWORD });
    assert.equal(login.status, 200, login.text);
    tokens['the login'] = login.json().accessToken;
    tokens['a refresh'] = (await post('/api/v1/auth/refresh', { refreshToken: login.json().refreshToken })).json().accessToken;
    const authorization = `Bearer ${login.json().token}`;
    tokens['/api/auth/token'] = (await get('/api/auth/token', { authorization })).json().token;
    tokens['the header set-auth-jwt'] = (await get('/api/auth/get-session', { authorization })).headers['set-auth-jwt'];
  });

  for (const source of ['the login', 'a refresh', '/api/auth/token', 'the header set-auth-jwt']) {
    it(`accepts the token of ${source}`, async () => {
      const { payload, protectedHeader } = await verify(tokens[source]);

      assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid', 'typ']);
      assert.deepEqual([protectedHeader.alg, protectedHeader.typ], ['EdDSA', 'JWT']);
      const { sid, iat, exp, ...rest } = payload;
      assert.deepEqual(rest, { sub: userId, email, role: 'user', iss: 'manacore', aud: 'manacore' });
      assert.ok(typeof sid === 'string' && sid.length > 0);
      assert.equal(exp - iat, 900);
      assert.ok(Math.abs(iat - Date.now() / 1000) < 30);
    });
  }

  it('finds the same session in every token', async () => {
    const sids = await Promise.all(Object.values(tokens).map(async (token) => (await verify(token)).payload.sid));

    assert.equal(sids.length, 4);
    assert.equal(new Set(sids).size, 1);
  });

  it('accepts nothing but EdDSA', async () => {
    const { payload } = await verify(tokens['the login'], { algorithms: ['EdDSA'], typ: 'JWT' });
    assert.equal(payload.sub, userId);

    await assert.rejects(verify(tokens['the login'], { algorithms: ['RS256', 'HS256'] }), errors.JOSEAlgNotAllowed);
  });

  it('refuses a token whose claims were changed', async () => {
    const [header, payload, signature] = tokens['the login'].split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url'));
    const raised = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url');

    await assert.rejects(verify(`${header}.${raised}.${signature}`), errors.JWSSignatureVerificationFailed);
  });

  it('refuses a token whose signature was changed', async () => {
    const [header, payload, signature] = tokens['the login'].split('.');
    const changed = (signature[0] === 'A' ? 'B' : 'A') + signature.slice(1);

    await assert.rejects(verify(`${header}.${payload}.${changed}`), errors.JWSSignatureVerificationFailed);
  });

  it('refuses a token for somebody else', async () => {
    await assert.rejects(verify(tokens['the login'], { audience: 'another' }), errors.JWTClaimValidationFailed);
    await assert.rejects(verify(tokens['the login'], { issuer: 'another' }), errors.JWTClaimValidationFailed);
  });

  it('refuses a token that is over', async () => {
    const later = new Date(Date.now() + 901_000);

    await assert.rejects(verify(tokens['the login'], { currentDate: later }), errors.JWTExpired);
  });

  it('finds the same keys at all three addresses', async () => {
    const answers = await Promise.all(KEY_SETS.map((path) => get(path)));

    assert.deepEqual(
      answers.map((answer) => answer.status),
      [200, 200, 200],
    );
    assert.equal(new Set(answers.map((answer) => answer.text)).size, 1);
    for (const path of KEY_SETS) {
      const set = createRemoteJWKSet(new URL(path, house.base));
      await jwtVerify(tokens['the login'], set, { issuer: 'manacore', audience: 'manacore' });
    }
  });

  it('may keep the keys for a while, and never sees a private half', async () => {
    const answer = await get('/api/v1/auth/jwks');

    assert.match(answer.headers['cache-control'], /\bpublic\b.*\bmax-age=300\b/);
    assert.ok(answer.json().keys.some((key) => key.kid === decodeProtectedHeader(tokens['the login']).kid));
    for (const key of answer.json().keys) {
      assert.ok(!('d' in key));
    }
  });

  const get = (path, headers = {}) => send(house.base, path, { headers });
  const post = (path, body) => send(house.base, path, { method: 'POST', body });
});
