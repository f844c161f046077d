/**
 * The run in a web worker: requests and their replies in order, as over the socket.
 *
 * It is a `Transport` of a run, see `run/run.js`. The first picture of the default run comes with the
 * page, so that it is there before Python; requests follow when Python is.
 */

import { unpack } from "./codec.js";

const GARBLED = "Python sent something that can’t be read. Reload the page.";

/** @typedef {import("../run/replies.js").Reply} Reply */
/** @typedef {import("../run/requests.js").Request} Request */
/** @typedef {import("../run/run.js").TransportEvents} TransportEvents */

/** @typedef {{recipe: import("../run/recipes.js").Recipe, reply: ArrayBuffer}} First a run, and what opens it */

export class EngineRun {
  /** @type {First | null} until the run is opened */
  #first;
  /** @type {number | null} id of the request that the first reply has answered already */
  #answered = null;
  /** @type {Promise<Reply | null>} the last reply, after all before it; null if garbled */
  #unpacked = Promise.resolve(null);
  #losses = 0; // of workers
  /** @type {(() => void)[] | null} calls that wait for the first picture; null once that is there */
  #late;

  /** @param {import("./engine.js").Engine} engine @param {First | null} first @param {TransportEvents} on */
  constructor(engine, first, on) {
    this.engine = engine;
    this.on = on;
    this.#first = first;
    this.#late = first && [];
    this.stop = engine.listen({
      onReady: () => this.#afterFirst(() => on.onOpen()),
      onReply: (reply) => this.#deliver(reply),
      onLost: (why) => this.#drop(why),
    });
    if (first) queueMicrotask(() => on.onOpen());
  }

  get ready() {
    return this.engine.isReady || this.#first !== null;
  }

  /** @param {Request} request only while `ready` */
  send(request) {
    const first = this.#first;
    this.#first = null;
    this.engine.send({ live: request });
    if (first && request.op === "open" && JSON.stringify(request.recipe) === JSON.stringify(first.recipe)) {
      this.#answered = request.id;
      this.#deliver(first.reply, request.id);
    } else if (first) this.#endFirst();
  }

  close() {
    this.stop();
  }

  /** Replies are delivered in the order in which they came. @param {ArrayBuffer} data @param {number | null} [id] where it has none of its own */
  #deliver(data, id = null) {
    const reply = unpack(data).catch(() => null);
    const losses = this.#losses;
    this.#unpacked = this.#unpacked.then(() => reply);
    this.#unpacked.then((reply) => {
      if (this.#losses !== losses && id === null) return; // that worker was lost meanwhile
      if (!reply) this.on.onClose(GARBLED);
      else if (id !== null) this.#open({ ...reply, header: { ...reply.header, id } });
      else if (reply.header.id === this.#answered) this.#answered = null;
      else this.on.onReply(reply);
    });
  }

  /** @param {Reply} first */
  #open(first) {
    this.on.onReply(first);
    this.#endFirst();
  }

  /** @param {string} why */
  #drop(why) {
    this.#losses += 1;
    this.#answered = null;
    this.#afterFirst(() => this.on.onClose(why));
  }

  /** Call at once, or when the first picture is there, which comes with the page and needs no worker. @param {() => void} call */
  #afterFirst(call) {
    if (this.#late) this.#late.push(call);
    else call();
  }

  #endFirst() {
    const late = this.#late ?? [];
    this.#late = null;
    for (const call of late) call();
  }
}
