import pg from 'pg';

// Arbitrary, but the same in every suite: roles belong to the whole cluster, and two processes must not alter one at once.
const ROLES_LOCK = 770_155_302;

/** The address of a database for one of the roles, on the cluster of MANA_TEST_ADMIN_URL. */
export function urlFor(role, database) {
  const url = new URL(adminUrl());
  url.username = role;
  url.password = process.env.MANA_TEST_ROLE_PASSWORD ?? 'spec-only';
  url.pathname = `/${database}`;

  return url.href;
}

/**
 * Makes the roles and a migrated database of that name with the server's own commands.
 * @param {(...args: string[]) => Promise<void>} command runs the server's binary for that database
 */
export async function createDatabase(database, command) {
  const admin = await connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [ROLES_LOCK]);
    await command('migrate', '--roles');
  } finally {
    await admin.end();
  }

  await command('migrate', 'up');
}

/** An empty database, for the reference. */
export async function createEmptyDatabase(database) {
  const admin = await connect();
  try {
    await admin.query(`create database ${admin.escapeIdentifier(database)}`);
  } finally {
    await admin.end();
  }
}

/** The address of a database for the superuser. */
export function urlOf(database) {
  const url = new URL(adminUrl());
  url.pathname = `/${database}`;

  return url.href;
}

export async function dropDatabase(database) {
  const admin = await connect();
  try {
    await admin.query(`drop database if exists ${admin.escapeIdentifier(database)} with (force)`);
  } finally {
    await admin.end();
  }
}

async function connect() {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();

  return client;
}

function adminUrl() {
  const url = process.env.MANA_TEST_ADMIN_URL;
  if (!url) {
    throw new Error('MANA_TEST_ADMIN_URL is not set: the address of a PostgreSQL as a superuser, such as ./mana test provides.');
  }

  return url;
}
