import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createEmptyDatabase, dropDatabase, urlOf } from './databases.mjs';
import { freePort } from './house.mjs';
import { Mailbox } from './mailbox.mjs';

const START_MS = 30_000;

/** The reference in a process of its own, on a database of its own. */
export class Reference extends Mailbox {
  #database = `mana_reference_${randomBytes(6).toString('hex')}`;
  #child;
  #settings;

  /** @param {Record<string, string>} settings environment beside the defaults */
  constructor(settings = {}) {
    super();
    this.#settings = settings;
  }

  async open() {
    await createEmptyDatabase(this.#database);
    const port = await freePort();
    this.base = `http://localhost:${port}`;
    this.#child = spawn(process.execPath, [fileURLToPath(new URL('../reference/server.mjs', import.meta.url))], {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: String(port),
        BASE_URL: this.base,
        BETTER_AUTH_SECRET: 'a secret of the acceptance suite, which protects nothing',
        DATABASE_URL: urlOf(this.#database),
        ...this.#settings,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const child = this.#child;
    process.once('exit', () => child.kill('SIGKILL')); // a suite that dies on the way leaves no server behind
    await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`The reference was not ready within ${START_MS} ms`)), START_MS);
      child.stdout.once('data', () => {
        clearTimeout(late);
        resolve();
      });
      child.once('exit', (code) => reject(new Error(`The reference ended with ${code}`)));
    });
  }

  async close() {
    if (this.#child?.exitCode === null) {
      const ended = new Promise((resolve) => this.#child.once('exit', resolve));
      this.#child.kill('SIGKILL');
      await ended;
    }

    await dropDatabase(this.#database);
  }
}
