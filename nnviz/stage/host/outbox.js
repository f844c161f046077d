/** Sends what the page's script must not miss: a run of it that is broken off has read nothing. */

/** @typedef {(name: string, message: unknown) => void} Send which may be lost */
/** @typedef {{[name: string]: number}} Taken the numbers of the last messages that the page has taken */

export class Outbox {
  /** @type {Map<string, {number: number, value: unknown}>} */
  waiting = new Map();
  number = 0;

  /** A later value of a name replaces one that was not taken. @param {string} name @param {unknown} value @param {Send} send */
  send(name, value, send) {
    const message = { number: ++this.number, value };
    this.waiting.set(name, message);
    send(name, message);
  }

  /** The page has run: send again what it has not taken. @param {Taken} taken @param {Send} send */
  update(taken, send) {
    for (const [name, message] of this.waiting) {
      if (message.number <= (taken[name] ?? 0)) this.waiting.delete(name);
      else send(name, message);
    }
  }
}
