import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { requireFree, useHouse } from './support/house.mjs';

const PORT = 3001;

const USER = ['id', 'email', 'name', 'role', 'emailVerified', 'image', 'createdAt', 'updatedAt'];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]{86}$/;

let curlHome;

before(async () => {
  await requireFree(PORT);

  // The lines of the seeds print only the body; a configuration file adds the status without touching them.
  curlHome = await mkdtemp(path.join(os.tmpdir(), 'mana-curl-'));
  await writeFile(path.join(curlHome, '.curlrc'), 'silent\nshow-error\nmax-time = 20\nwrite-out = "\\n%{http_code}"\n');
});

after(() => rm(curlHome, { recursive: true, force: true }));

describe('The walk-through of seed 000', () => {
  useHouse({}, PORT);
  let token;
  let signedIn;

  it('registers a person', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/register \
  -H "Content-Type: application/json" \
  -d '{"email": "test@example.com", "password": "password123", "name": "Test"}'`);

    assert.equal(status, 201);
    assertRegistered(body, { email: 'test@example.com', name: 'Test' });
  });

  it('logs the person in', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/login \
  -H "Content-Type: application/json" \
  -d '{"email": "test@example.com", "password": "password123"}'`);

    assert.equal(status, 200);
    assertLoggedIn(body, { email: 'test@example.com', name: 'Test' });
    signedIn = body;
    token = body.accessToken;
  });

  it('validates the token', async () => {
    const { status, body } = await curl(
      String.raw`curl -X POST http://localhost:3001/api/v1/auth/validate \
  -H "Content-Type: application/json" \
  -d '{"token": "eyJhbGciOiJFZERTQSIs..."}'`.replace('eyJhbGciOiJFZERTQSIs...', token),
    );

    assert.equal(status, 200);
    assertValidated(body, signedIn);
  });

  it('answers that the shortened token of the page is no token', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/validate \
  -H "Content-Type: application/json" \
  -d '{"token": "eyJhbGciOiJFZERTQSIs..."}'`);

    assert.equal(status, 200);
    assert.deepEqual(body, { valid: false, error: 'Malformed token' });
  });

  it('shows EdDSA in the header of the token', async () => {
    const { text } = await shell(`TOKEN=${token}\necho $TOKEN | cut -d'.' -f1 | base64 -d`);

    assert.match(text, /^\{"alg":"EdDSA"/);
    assert.doesNotMatch(text, /RS256/);
  });

  it('publishes the key of the token', async () => {
    const { status, body, text } = await curl('curl localhost:3001/api/v1/auth/jwks');

    assert.equal(status, 200);
    assert.ok(text.includes('"alg":"EdDSA"'), text);
    const kid = JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
    const key = body.keys.find((each) => each.kid === kid);
    assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    assert.deepEqual([key.kty, key.crv, key.alg, key.use], ['OKP', 'Ed25519', 'EdDSA', 'sig']);
    assert.match(key.x, /^[\w-]{43}$/);
  });
});

describe('The test of the API in seed 003, and the routes of seed 001', () => {
  useHouse({}, PORT);
  let accessToken;
  let signedIn;

  it('registers a user', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/register \
  -H "Content-Type: application/json" \
  -d '{"email":"test@example.com","password":"Test1234!","name":"Test User"}'`);

    assert.equal(status, 201);
    assertRegistered(body, { email: 'test@example.com', name: 'Test User' });
  });

  it('logs in', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/login \
  -H "Content-Type: application/json" \
  -d '{"email":"test@example.com","password":"Test1234!"}'`);

    assert.equal(status, 200);
    assertLoggedIn(body, { email: 'test@example.com', name: 'Test User' });
    signedIn = body;
    accessToken = body.accessToken;
  });

  it('shows the opening balance', async () => {
    const { status, body } = await balance(accessToken);

    assert.equal(status, 200);
    const { nextDailyGrantAt, ...rest } = body;
    assert.deepEqual(rest, { balance: 0, freeCreditsRemaining: 150, totalEarned: 0, totalSpent: 0, dailyFreeCredits: 5 });
    assert.match(nextDailyGrantAt, INSTANT);
  });

  it('uses credits', async () => {
    const { status, body } = await use(accessToken, { amount: 10, appId: 'chat', description: 'One answer', idempotencyKey: 'k1' });

    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['success', 'transaction', 'newBalance']);
    assert.equal(body.success, true);
    assert.deepEqual(body.newBalance, { balance: 0, freeCreditsRemaining: 140, totalSpent: 10 });
    const { id, createdAt, completedAt, ...rest } = body.transaction;
    assert.match(id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(createdAt, INSTANT);
    assert.match(completedAt, INSTANT);
    assert.deepEqual(rest, {
      userId: signedIn.user.id,
      type: 'usage',
      status: 'completed',
      amount: -10,
      balanceBefore: 150,
      balanceAfter: 140,
      appId: 'chat',
      description: 'One answer',
      organizationId: null,
      metadata: null,
      idempotencyKey: 'k1',
    });
  });

  it('charges the same idempotency key once', async () => {
    const { status, body } = await use(accessToken, { amount: 10, appId: 'chat', description: 'One answer', idempotencyKey: 'k1' });

    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body), ['success', 'transaction', 'message']);
    assert.equal(body.message, 'Transaction already processed');
    assert.equal((await balance(accessToken)).body.freeCreditsRemaining, 140);
  });

  it('refuses to spend what is not there', async () => {
    const { status, body } = await use(accessToken, { amount: 141, appId: 'chat', description: 'A long answer' });

    assert.equal(status, 402);
    assert.equal(body.code, 'INSUFFICIENT_CREDITS');
    assert.equal(body.message, 'Insufficient credits');
    assert.deepEqual(body.details, { required: 141, available: 140 });
  });

  it('lists the transactions, newest first', async () => {
    const { status, body } = await curl(String.raw`curl -X GET 'http://localhost:3001/api/v1/credits/transactions?limit=50&offset=0' \
  -H "Authorization: Bearer ${accessToken}"`);

    assert.equal(status, 200);
    assert.deepEqual(
      body.map(({ type, amount, balanceAfter }) => ({ type, amount, balanceAfter })),
      [
        { type: 'usage', amount: -10, balanceAfter: 140 },
        { type: 'bonus', amount: 150, balanceAfter: 150 },
      ],
    );
  });

  it('refreshes the pair of tokens', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/refresh \
  -H "Content-Type: application/json" \
  -d '{"refreshToken":"${signedIn.refreshToken}"}'`);

    assert.equal(status, 200);
    assert.match(body.accessToken, JWT);
    assert.notEqual(body.refreshToken, signedIn.refreshToken);
    assert.equal(body.expiresIn, 900);
    assert.equal(body.tokenType, 'Bearer');
  });

  it('logs out, and the token is refused from then on', async () => {
    const { status, body } = await curl(String.raw`curl -X POST http://localhost:3001/api/v1/auth/logout \
  -H "Authorization: Bearer ${accessToken}"`);
    assert.equal(status, 200);
    assert.deepEqual(body, { success: true, message: 'Signed out successfully' });

    assert.equal((await balance(accessToken)).status, 401);
  });
});

function balance(accessToken) {
  return curl(
    String.raw`curl -X GET http://localhost:3001/api/v1/credits/balance \
  -H "Authorization: Bearer YOUR_ACCESS_TOKEN"`.replace('YOUR_ACCESS_TOKEN', accessToken),
  );
}

function use(accessToken, body) {
  return curl(String.raw`curl -X POST http://localhost:3001/api/v1/credits/use \
  -H "Authorization: Bearer ${accessToken}" \
  -H "Content-Type: application/json" \
  -d '${JSON.stringify(body)}'`);
}

function assertRegistered(body, { email, name }) {
  assert.deepEqual(Object.keys(body), ['id', 'email', 'name', 'createdAt', 'user', 'token']);
  assert.equal(body.email, email);
  assert.equal(body.name, name);
  assert.match(body.createdAt, INSTANT);
  assert.equal(body.token, null);
  assertUser(body.user, { email, name });
  assert.equal(body.user.id, body.id);
}

function assertLoggedIn(body, { email, name }) {
  assert.deepEqual(Object.keys(body), ['user', 'token', 'accessToken', 'refreshToken', 'expiresIn', 'tokenType', 'redirect']);
  assertUser(body.user, { email, name });
  assert.match(body.accessToken, JWT);
  assert.equal(new Set([body.token, body.accessToken, body.refreshToken]).size, 3);
  assert.deepEqual([body.expiresIn, body.tokenType, body.redirect], [900, 'Bearer', false]);
}

function assertUser(user, { email, name }) {
  assert.deepEqual(Object.keys(user).sort(), [...USER].sort());
  assert.deepEqual(
    [user.email, user.name, user.role, user.emailVerified, user.image],
    [email, name, 'user', false, null],
  );
  assert.match(user.createdAt, INSTANT);
  assert.match(user.updatedAt, INSTANT);
}

function assertValidated(body, signedIn) {
  assert.deepEqual(Object.keys(body), ['valid', 'payload']);
  assert.equal(body.valid, true);
  const { sid, iat, exp, ...rest } = body.payload;
  assert.deepEqual(rest, {
    sub: signedIn.user.id,
    email: signedIn.user.email,
    role: 'user',
    iss: 'manacore',
    aud: 'manacore',
  });
  assert.ok(sid.length > 0);
  assert.equal(exp - iat, 900);
}

/** Runs a line of a seed as it stands and takes its answer apart. */
async function curl(line) {
  const { text, code } = await shell(line);
  assert.equal(code, 0, `curl ended with ${code} for:\n${line}`);
  const cut = text.lastIndexOf('\n');
  const body = text.slice(0, cut);

  return { status: Number(text.slice(cut + 1)), text: body, body: JSON.parse(body) };
}

function shell(line) {
  const env = { PATH: process.env.PATH, CURL_HOME: curlHome, HOME: curlHome, no_proxy: '*' };

  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { env }, (problem, stdout, stderr) => resolve({ text: stdout, stderr, code: problem?.code ?? 0 }));
  });
}
