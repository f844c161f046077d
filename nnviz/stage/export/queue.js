/** What people want to take away of a run: asked for one after the other, each answer a promise. */

export class Takes {
  constructor() {
    this.waiting = [];
  }

  /** @param {object} request @returns {Promise<{header: object, file?: Uint8Array}>} */
  add(request) {
    return new Promise((resolve, reject) => this.waiting.push({ request, resolve, reject }));
  }

  /** The request whose turn it is, if there is any. */
  get next() {
    return this.waiting[0]?.request;
  }

  /** The answer to one that still waits: what was asked for, or why it is not to be had. */
  settle(request, { header, arrays }) {
    const asked = this.waiting.find((other) => other.request === request);
    if (!asked) return;
    this.waiting = this.waiting.filter((other) => other !== asked);
    const problem = header.type === "exported" ? header.problem : header.message;
    if (problem) asked.reject(new Error(problem));
    else asked.resolve({ header, file: arrays.file?.data });
  }

  /** None of them can be answered. */
  fail(why) {
    for (const { reject } of this.waiting.splice(0)) reject(new Error(why));
  }
}
