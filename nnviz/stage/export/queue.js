/** What the user wants to export of a run: requested one after the other, each answer a promise. */

/** @typedef {{what: string} & Object<string, unknown>} ExportRequest see `nnviz/live/exports.py` */
/** @typedef {{header: import("../run/replies.js").ExportHeader, file?: Uint8Array}} Exported */

/**
 * @typedef {object} Waiting
 * @property {ExportRequest} request
 * @property {(exported: Exported) => void} resolve
 * @property {(error: Error) => void} reject
 */

export class ExportQueue {
  /** @type {Waiting[]} */
  waiting = [];

  /** @param {ExportRequest} request @returns {Promise<Exported>} fails with an Error that says why */
  add(request) {
    return new Promise((resolve, reject) => this.waiting.push({ request, resolve, reject }));
  }

  /** The request whose turn it is, if there is any. */
  get next() {
    return this.waiting[0]?.request;
  }

  /**
   * The reply to a request, if that still waits: the export, or why it cannot be made.
   * @param {ExportRequest} request @param {import("../run/replies.js").Reply} reply
   */
  settle(request, { header, arrays }) {
    const found = this.waiting.find((other) => other.request === request);
    if (!found) return;
    this.waiting = this.waiting.filter((other) => other !== found);
    if (header.type === "error") found.reject(new Error(header.message));
    else if (header.type === "exported" && header.problem) found.reject(new Error(header.problem));
    else if (header.type === "exported") found.resolve({ header, file: arrays.file?.data });
  }

  /** None of them can be answered. @param {string} why a sentence */
  fail(why) {
    for (const { reject } of this.waiting.splice(0)) reject(new Error(why));
  }
}
