import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { useHouse } from './support/house.mjs';
import { addressOf, GOOD_PASSWORD } from './support/people.mjs';
import { holds } from './support/receipt.mjs';

const SERVICE = { 'x-service-key': 'dev-service-key', 'x-app-id': 'research' };

describe('A verifier written from the documentation alone', () => {
  const house = useHouse({ RATE_LIMITS: 'off' });

  it('accepts the receipts of every kind of row, and none of which anything was changed', async () => {
    const person = await register();
    const spent = await post('/api/v1/credits/use', person, {
      amount: 10,
      appId: 'chat',
      description: 'ein Wort – «mit» Zeichen 🌱',
      idempotencyKey: 'k1',
      metadata: { longer: [1.50, 2e3, -0.0], b: { 'ä': null } },
    });
    const userId = person.id;
    await post('/api/v1/internal/credits/grant', SERVICE, {
      userId,
      amount: 40,
      reason: 'promo',
      referenceId: 'r',
      expiresAt: new Date(Date.now() + 864e5).toISOString(),
    });
    await post('/api/v1/internal/credits/refund', SERVICE, {
      userId,
      transactionId: spent.transaction.id,
      amount: 4,
      description: 'sorry',
    });
    const { reservationId } = await post('/api/v1/internal/credits/reserve', SERVICE, { userId, amount: 60, reason: 'research:summary' });
    await post('/api/v1/internal/credits/commit', SERVICE, { reservationId, amount: 50 });
    const rows = await get('/api/v1/credits/transactions', person);
    const { keys } = await get('/api/v1/credits/seal-keys', {});
    assert.equal(rows.length, 6);

    for (const row of rows) {
      const receipt = await receiptOf(row, person);
      assert.equal(receipt.row.id, row.id);
      assert.ok(holds(receipt, keys), `${row.type} ${row.amount}`);
      assert.ok(!JSON.stringify(receipt).includes(userId), 'a receipt does not say whose it is');

      for (const forged of [
        { ...receipt, row: { ...receipt.row, amount: receipt.row.amount + 1 } },
        { ...receipt, texts: { ...receipt.texts, description: 'something else' } },
        { ...receipt, seal: { ...receipt.seal, sealedAt: receipt.seal.sealedAt - 1 } },
        { ...receipt, previous: 'f'.repeat(64) },
      ]) {
        assert.ok(!holds(forged, keys));
      }

      assert.ok(!holds(receipt, []));
    }
  });

  async function register() {
    const email = addressOf('Receipts');
    await post('/api/v1/auth/register', {}, { email, password: GOOD_PASSWORD, name: 'Receipts' });
    const { accessToken, user } = await post('/api/v1/auth/login', {}, { email, password: GOOD_PASSWORD });

    return { id: user.id, authorization: `Bearer ${accessToken}` };
  }

  async function receiptOf(row, person) {
    for (let tries = 0; tries < 20; tries++) {
      const response = await fetch(`${house.base}/api/v1/credits/transactions/${row.id}/receipt`, { headers: headersOf(person) });
      if (response.status !== 409) {
        assert.equal(response.status, 200);

        return response.json();
      }

      await pause(200);
    }

    throw new Error('no seal after twenty tries');
  }

  const headersOf = ({ id: _, ...headers }) => headers;

  async function post(path, caller, body) {
    const headers = { 'content-type': 'application/json', ...headersOf(caller) };
    const response = await fetch(house.base + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = await response.json();
    assert.ok(response.ok, `${path}: ${response.status} ${JSON.stringify(answer)}`);

    return answer;
  }

  async function get(path, caller) {
    const response = await fetch(house.base + path, { headers: headersOf(caller) });
    assert.equal(response.status, 200);

    return response.json();
  }
});
