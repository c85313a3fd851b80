import { createAuthClient } from 'better-auth/client';
import { jwtClient, multiSessionClient } from 'better-auth/client/plugins';
import { Jar } from './jar.mjs';

/** What an application in a browser has: the unmodified client, and the browser's cookies and Origin around its requests. */
export class Browser {
  jar = new Jar();
  #base;
  #watch;

  /**
   * @param {string} base address of the server
   * @param {(response: Response) => void} [watch] sees every answer
   */
  constructor(base, watch = undefined) {
    this.#base = base;
    this.#watch = watch;
    this.auth = createAuthClient({
      baseURL: base,
      plugins: [jwtClient(), multiSessionClient()],
      fetchOptions: { customFetchImpl: (input, init) => this.#fetch(input, init) },
    });
  }

  /** Opens an address as a click does: with the cookies, following nothing by itself. */
  visit(url) {
    return this.#fetch(url, { redirect: 'manual' });
  }

  async #fetch(input, init = {}) {
    const headers = new Headers(init.headers);
    if (!headers.has('origin')) {
      headers.set('origin', this.#base);
    }

    if (this.jar.header !== undefined) {
      headers.set('cookie', this.jar.header);
    }

    const response = await fetch(input, { ...init, headers });
    this.jar.take(response.headers.getSetCookie());
    this.lastCookies = response.headers.getSetCookie();
    this.#watch?.(response);

    return response;
  }
}
