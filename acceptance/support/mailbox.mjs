const MAIL_MS = 10_000;
const POLL_MS = 40;

/** A server whose mails can be read at `/dev/mail.json`. */
export class Mailbox {
  /** Own public address; known once the server is open. */
  base;

  /** Waits until that many mails have reached the address; newest first. */
  async mailsTo(address, count = 1) {
    return this.#waitFor(address, count, (mail) => mail);
  }

  /** Every mail the server sent, newest first. */
  async mailbox() {
    const response = await fetch(`${this.base}/dev/mail.json`);

    return response.json();
  }

  /** The link of the newest verification mail to the address. */
  async verificationLink(address) {
    const [link] = await this.verificationLinks(address);

    return link;
  }

  /** The links of the verification mails to the address, newest first; waits for that many. Other mails may reach it too. */
  verificationLinks(address, count = 1) {
    return this.links(address, 'verify-email', count);
  }

  /** The links of that kind in mails to the address, newest first; waits for that many. */
  links(address, kind, count = 1) {
    return this.#waitFor(address, count, (mail) => mail.text.split(/\s+/).find((word) => /^https?:/.test(word) && word.includes(kind)));
  }

  async #waitFor(address, count, read) {
    const end = Date.now() + MAIL_MS;
    let mails = [];
    while (Date.now() < end) {
      mails = await this.mailbox();
      const found = mails
        .filter((mail) => mail.to === address)
        .map(read)
        .filter((value) => value !== undefined);
      if (found.length >= count) {
        return found;
      }

      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }

    throw new Error(`Not ${count} such mails reached ${address} within ${MAIL_MS} ms; it got:\n${mails.map((mail) => mail.text).join('\n---\n')}`);
  }
}
