/**
 * The live socket: one request at a time, and a new connection by itself when it drops.
 *
 * It is the transport of a run; another one has the same `ready`, `send` and `close`, and calls
 * the same functions.
 */

import { unpack } from "./codec.js";

const FIRST_WAIT = 250; // ms before the first new try; doubles up to LAST_WAIT
const LAST_WAIT = 8000;
const PATIENCE = 15_000; // ms a reply may take
const CONNECTION_PATIENCE = 60_000; // ms a connection may: a whole class may come at once

const SILENT = `The server has not answered for ${PATIENCE / 1000} seconds. Connecting again; the run goes on from here.`;
const GARBLED = "The server sent something that can’t be read. Connecting again; the run goes on from here.";

/**
 * @typedef {object} Listener
 * @property {() => void} onOpen the connection is there, and nothing is known to its other end
 * @property {(reply: {header: object, arrays: object}) => void} onReply
 * @property {(why: string) => void} onClose a sentence for people, or "" where none is known
 *
 * @typedef {{WebSocket: typeof WebSocket, setTimeout: Function, clearTimeout: Function}} World
 */

/** What a page has; tests hand over their own. @returns {World} */
const browser = () => ({
  WebSocket,
  setTimeout: (...args) => setTimeout(...args),
  clearTimeout: (timer) => clearTimeout(timer),
});

export class LiveSocket {
  /** Whether a request is under way. */
  busy = false;

  #wait = FIRST_WAIT;
  #socket = null;
  #reconnection = undefined; // timers
  #watchdog = undefined;
  #asked = undefined; // the number of the request under way

  /** @param {string} url @param {Listener} on @param {World} [world] */
  constructor(url, on, world = browser()) {
    this.url = url;
    this.on = on;
    this.world = world;
    this.#connect();
  }

  get ready() {
    return this.#socket?.readyState === this.world.WebSocket.OPEN && !this.busy;
  }

  /** @param {object} request only while `ready` */
  send(request) {
    this.busy = true;
    this.#asked = request.id;
    this.#watch(SILENT, PATIENCE);
    this.#socket.send(JSON.stringify(request));
  }

  /** For good: nothing is called any more. */
  close() {
    this.world.clearTimeout(this.#reconnection);
    this.#leave();
  }

  #connect() {
    const socket = new this.world.WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.#open();
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ reason }) => this.#drop(reason);
    this.#socket = socket;
    this.#watch("", CONNECTION_PATIENCE); // a server that never answers is not there
  }

  #open() {
    this.#settle();
    this.on.onOpen();
  }

  #watch(why, patience) {
    this.#watchdog = this.world.setTimeout(() => this.#drop(why), patience);
  }

  #receive(data) {
    let reply;
    try {
      reply = unpack(data);
    } catch {
      this.#drop(GARBLED);
      return;
    }
    if (reply.header.id !== this.#asked) return; // nobody waits for it
    this.#wait = FIRST_WAIT; // the server is well: the next drop is a new one
    this.#settle();
    this.on.onReply(reply);
  }

  /** The connection is lost, or of no use: another one is made in a while. */
  #drop(why) {
    this.#leave();
    const spread = 0.75 + Math.random() / 2; // so that not all visitors come back at once
    this.#reconnection = this.world.setTimeout(() => this.#connect(), this.#wait * spread);
    this.#wait = Math.min(2 * this.#wait, LAST_WAIT);
    this.on.onClose(why);
  }

  /** Forgotten before it is closed: a half-open one says so only minutes later, if ever. */
  #leave() {
    this.#settle();
    if (!this.#socket) return;
    Object.assign(this.#socket, { onopen: null, onmessage: null, onclose: null });
    this.#socket.close();
    this.#socket = null;
  }

  #settle() {
    this.busy = false;
    this.world.clearTimeout(this.#watchdog);
  }
}
