import { createHash, createPublicKey, verify } from 'node:crypto';

// Written from docs/reference/proofs.md alone, without a look at the server: if both agree, the page says enough.

const FOLLOWING_MAX = 8192;
const HASH = /^[0-9a-f]{64}$/;

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const letters = (text) => Buffer.from(text, 'ascii');
const uuid = (text) => Buffer.from(text.replaceAll('-', ''), 'hex');

function int64(number) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(number));

  return bytes;
}

function int32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);

  return bytes;
}

function hash(text) {
  if (!HASH.test(text)) {
    throw new Error('not a hash');
  }

  return Buffer.from(text, 'hex');
}

const bytes = (raw) => Buffer.concat([Buffer.from([1]), int32(raw.length), raw]);
const maybe = (value, write) => (value === null ? Buffer.from([0]) : bytes(write(value)));
const text = (value) => bytes(Buffer.from(value, 'utf8'));
const maybeText = (value) => maybe(value, (known) => Buffer.from(known, 'utf8'));
const maybeNumber = (value) => maybe(value, int64);
const one = (value, write) => (value === null ? Buffer.from([0]) : Buffer.concat([Buffer.from([1]), write(value)]));
const many = (values, write) => Buffer.concat([int32(values.length), ...values.map(write)]);

function textDigest(texts) {
  return sha256(
    letters('mana-text-v1'),
    hash(texts.salt),
    maybeText(texts.description),
    maybeText(texts.metadata),
    maybeText(texts.idempotencyKey),
    maybe(texts.fingerprint, (hex) => Buffer.from(hex, 'hex')),
    maybeText(texts.organizationId),
    maybeText(texts.holdReason),
  );
}

function contentDigest({ row, textDigest: digest }) {
  return sha256(
    letters('mana-content-v1'),
    uuid(row.chainId),
    int64(row.seq),
    uuid(row.id),
    text(row.type),
    text(row.status),
    int64(row.amount),
    int64(row.balanceBefore),
    int64(row.balanceAfter),
    int64(row.createdAt),
    maybeNumber(row.completedAt),
    maybeNumber(row.reverses),
    text(row.appId),
    hash(digest),
    many(row.transfers, (each) => Buffer.concat([text(each.from), text(each.to), int64(each.amount), maybeNumber(each.lot)])),
    many(row.lots, (lot) =>
      Buffer.concat([int64(lot.id), text(lot.bucket), int64(lot.priority), maybeNumber(lot.expiresAt), int64(lot.openedAt)]),
    ),
    one(row.hold, (hold) =>
      Buffer.concat([uuid(hold.id), text(hold.kind), int64(hold.amount), text(hold.appId), int64(hold.expiresAt), int64(hold.createdAt)]),
    ),
    one(row.holdEnd, (end) => Buffer.concat([uuid(end.id), text(end.as)])),
  );
}

const link = (previous, digest) => sha256(letters('mana-row-v1'), previous, digest);
const node = (left, right) => sha256(Buffer.from([1]), left, right);

function rootOf(leaf, index, leaves, path) {
  let [i, l, found] = [index, leaves - 1, leaf];
  for (const beside of path.map(hash)) {
    if (l === 0) {
      return null;
    }

    if (i % 2 === 1 || i === l) {
      found = node(beside, found);
      while (i % 2 === 0 && i !== 0) {
        [i, l] = [i / 2, Math.floor(l / 2)];
      }
    } else {
      found = node(found, beside);
    }

    [i, l] = [Math.floor(i / 2), Math.floor(l / 2)];
  }

  return l === 0 ? found : null;
}

function isSigned(seal, keys) {
  const jwk = keys.find((key) => key.kid === seal.keyId);
  const { number, xidFrom, xidBelow, rows, leaves, root, entries, previous, sealedAt, keyId } = seal;
  const signed = ['mana-seal-v1', number, xidFrom, xidBelow, rows, leaves, root, entries, previous, sealedAt, keyId].join('\n');

  return (
    jwk !== undefined &&
    verify(null, Buffer.from(signed, 'utf8'), createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(seal.signature, 'base64url'))
  );
}

/** @returns {boolean} whether the receipt holds under one of these keys */
export function holds(receipt, keys) {
  if (receipt.format !== 'mana-receipt-v1' || receipt.following.length > FOLLOWING_MAX) {
    return false;
  }

  if (receipt.texts !== null && textDigest(receipt.texts).toString('hex') !== receipt.textDigest) {
    return false;
  }

  if (receipt.row.hold === null && receipt.texts !== null && receipt.texts.holdReason !== null) {
    return false;
  }

  let row = link(hash(receipt.previous), contentDigest(receipt));
  for (const digest of receipt.following) {
    row = link(row, hash(digest));
  }

  const position = receipt.row.seq + receipt.following.length;
  const leaf = sha256(Buffer.from([0]), uuid(receipt.row.chainId), int64(position), row);
  const root = rootOf(leaf, receipt.leafIndex, receipt.seal.leaves, receipt.path);

  return root !== null && root.toString('hex') === receipt.seal.root && isSigned(receipt.seal, keys);
}
