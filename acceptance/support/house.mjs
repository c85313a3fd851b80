import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createDatabase, dropDatabase, urlFor } from './databases.mjs';
import { Mailbox } from './mailbox.mjs';

const START_MS = 30_000;
const STOP_MS = 10_000;
const POLL_MS = 40;

/**
 * The shipped server in a process of its own, on a database of its own under the roles of production, with the mailbox of
 * development as its mail server.
 */
export class House extends Mailbox {
  #settings;
  #port;
  #database = `mana_acceptance_${randomBytes(6).toString('hex')}`;
  #child;
  #output = { text: '' };

  /**
   * @param {Record<string, string>} settings environment beside the defaults
   * @param {number} [port] a certain port; a free one unless given
   */
  constructor(settings = {}, port = undefined) {
    super();
    this.#settings = settings;
    this.#port = port;
  }

  async open() {
    try {
      await createDatabase(this.#database, (...args) => run(args, this.#database));
      await this.#start();
    } catch (problem) {
      await this.close();
      throw problem;
    }
  }

  async close() {
    await this.#stop();
    await dropDatabase(this.#database);
  }

  async #start() {
    const port = this.#port ?? (await freePort());
    this.base = `http://localhost:${port}`;
    this.#child = spawn('dotnet', [serverPath(), 'serve'], {
      env: {
        ...quietEnvironment(),
        ASPNETCORE_ENVIRONMENT: 'Development',
        PORT: String(port),
        BASE_URL: this.base,
        DATABASE_URL: urlFor('mana_app', this.#database),
        LOG_LEVEL: 'warn',
        ...this.#settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const child = this.#child;
    process.once('exit', () => child.kill('SIGKILL')); // a suite that dies on the way leaves no server behind
    this.#output = collect(child);
    await this.#ready();
  }

  async #ready() {
    const end = Date.now() + START_MS;
    while (Date.now() < end) {
      if (this.#child.exitCode !== null) {
        throw new Error(`The server ended with ${this.#child.exitCode}:\n${this.#output.text}`);
      }

      try {
        const response = await fetch(`${this.base}/health/ready`);
        if (response.status === 200) {
          return;
        }
      } catch {
        // Not listening yet.
      }

      await delay(POLL_MS);
    }

    throw new Error(`The server was not ready within ${START_MS} ms:\n${this.#output.text}`);
  }

  async #stop() {
    if (this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }

    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
  }
}

/** A house for the tests of the describe it is called in: open before the first, gone after the last. */
export function useHouse(settings = {}, port = undefined) {
  const house = new House(settings, port);
  before(() => house.open());
  after(() => house.close());

  return house;
}

export const delay = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Fails with a sentence when somebody else listens there. */
export async function requireFree(port) {
  for (const host of ['127.0.0.1', '::1']) {
    const problem = await tryListen(port, host);
    if (problem?.code === 'EADDRINUSE') {
      throw new Error(`Port ${port} is taken on ${host}: stop what listens there and run this suite again.`);
    }
  }
}

async function run(args, database) {
  const child = spawn('dotnet', [serverPath(), ...args], {
    env: {
      ...quietEnvironment(),
      ADMIN_DATABASE_URL: process.env.MANA_TEST_ADMIN_URL,
      MIGRATION_DATABASE_URL: urlFor('mana_owner', database),
      DATABASE_URL: urlFor('mana_app', database),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = collect(child);
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) {
    throw new Error(`mana-server ${args.join(' ')} ended with ${code}:\n${output.text}`);
  }
}

/** Without settings of the caller's shell: the server under test sees what a suite names and nothing else. */
function quietEnvironment() {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'DOTNET_ROOT', 'LD_LIBRARY_PATH'];

  return Object.fromEntries(kept.filter((name) => name in process.env).map((name) => [name, process.env[name]]));
}

function serverPath() {
  const named = process.env.MANA_SERVER_DLL;
  if (named) {
    return path.resolve(named);
  }

  const here = path.dirname(fileURLToPath(import.meta.url));
  const root = process.env.MANA_ROOT ?? path.resolve(here, '..', '..');
  const places = ['release', 'debug'].map((kind) => path.join(root, 'artifacts', 'bin', 'Mana.Server', kind, 'mana-server.dll'));
  const found = places.find((place) => existsSync(place));
  if (found === undefined) {
    throw new Error(`No server to test: build src/Mana.Server or set MANA_SERVER_DLL (looked for ${places.join(' and ')}).`);
  }

  return found;
}

function collect(child) {
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output.text += data;
    });
  }

  return output;
}

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));

  return port;
}

function tryListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen({ port, host }, () => server.close(() => resolve(null)));
  });
}
