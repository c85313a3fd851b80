/** The cookies of one browser: what it was sent, and what it sends back. */
export class Jar {
  #cookies = new Map();

  /** Takes over the Set-Cookie lines of an answer; a Max-Age of zero removes. */
  take(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split('; ');
      const equals = pair.indexOf('=');
      const name = pair.slice(0, equals);
      if (attributes.includes('Max-Age=0')) {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, pair.slice(equals + 1));
      }
    }

    return this;
  }

  get names() {
    return [...this.#cookies.keys()];
  }

  /** A value as it stands in the header, percent-encoded. */
  value(name) {
    return this.#cookies.get(name);
  }

  /** The Cookie header; undefined while the jar is empty, because an empty one is not sent either. */
  get header() {
    return this.#cookies.size === 0 ? undefined : [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}
