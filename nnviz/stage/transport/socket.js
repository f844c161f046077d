/**
 * The live socket: requests and their replies in order, and a new connection by itself when it drops.
 *
 * It is a `Transport` of a run, see `run/run.js`.
 */

import { unpack } from "./codec.js";
import { diagnose, isFinal, sentenceOf } from "./diagnosis.js";

const FIRST_WAIT = 250; // ms before the first new try; doubles up to LAST_WAIT
const LAST_WAIT = 8000;
const PATIENCE = 15_000; // ms a reply may take
const CONNECTION_PATIENCE = 60_000; // ms a connection may: a whole class may come at once

const SILENT = `The server has not answered for ${PATIENCE / 1000} seconds. Connecting again; the run goes on from here.`;
const GARBLED = "The server sent something that can’t be read. Connecting again; the run goes on from here.";

/** @typedef {import("../run/replies.js").Reply} Reply */
/** @typedef {import("../run/requests.js").Request} Request */
/** @typedef {import("../run/run.js").TransportEvents} TransportEvents */
/** @typedef {ReturnType<typeof setTimeout>} Timer */

/**
 * @typedef {object} World what the socket needs of the browser
 * @property {typeof WebSocket} WebSocket
 * @property {(call: () => void, ms: number) => Timer} setTimeout
 * @property {(timer: Timer | undefined) => void} clearTimeout
 * @property {(url: string) => Promise<string>} diagnose why no socket can be opened, or ""
 */

/** That of a page; tests have their own. @returns {World} */
const browser = () => ({
  WebSocket,
  setTimeout: (call, ms) => setTimeout(call, ms),
  clearTimeout: (timer) => clearTimeout(timer),
  diagnose,
});

export class LiveSocket {
  #wait = FIRST_WAIT;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Timer | undefined} */
  #reconnection;
  /** @type {Timer | undefined} */
  #watchdog;
  /** @type {Set<number>} ids of the requests under way */
  #underWay = new Set();
  /** @type {Promise<Reply | null>} the last message that came, unpacked after all before it; null if garbled */
  #unpacked = Promise.resolve(null);
  /** why the last connections could not be made, where that is known */
  #obstacle = "";
  #hasOpened = false; // the connection made last

  /** @param {string} url @param {TransportEvents} on @param {World} [world] */
  constructor(url, on, world = browser()) {
    this.url = url;
    this.on = on;
    this.world = world;
    this.#connect();
  }

  get ready() {
    return this.#socket?.readyState === this.world.WebSocket.OPEN;
  }

  /** @param {Request} request only while `ready` */
  send(request) {
    if (!this.#underWay.size) this.#watch(SILENT, PATIENCE);
    this.#underWay.add(request.id);
    this.#socket?.send(JSON.stringify(request));
  }

  /** For good: nothing is called any more. */
  close() {
    this.world.clearTimeout(this.#reconnection);
    this.#reconnection = undefined;
    this.#leave();
  }

  #connect() {
    const socket = new this.world.WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    this.#hasOpened = false;
    socket.onopen = () => this.#open();
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = (close) => this.#fail(close);
    this.#socket = socket;
    this.#watch("", CONNECTION_PATIENCE); // a server that never answers is not there
  }

  #open() {
    this.#settle();
    this.#hasOpened = true;
    this.#obstacle = "";
    this.on.onOpen();
  }

  /** The other end has closed it, or it could not be made. @param {CloseEvent} close */
  #fail(close) {
    const why = sentenceOf(this.url, close);
    if (isFinal(close.code)) {
      this.#leave();
      this.on.onClose(why);
      return;
    }
    const hasOpened = this.#hasOpened;
    this.#drop(why || this.#obstacle);
    if (!why && !hasOpened) this.#explain();
  }

  /** Ask why no connection can be made, unless there is one or another try by then. */
  async #explain() {
    const reconnection = this.#reconnection;
    const why = await this.world.diagnose(this.url);
    if (this.#reconnection !== reconnection || this.#socket || why === this.#obstacle) return;
    this.#obstacle = why;
    this.on.onClose(why);
  }

  /** @param {string} why the connection is to be dropped after so many ms @param {number} patience */
  #watch(why, patience) {
    this.#watchdog = this.world.setTimeout(() => this.#drop(why), patience);
  }

  /** Replies are unpacked side by side and delivered in the order in which they came. @param {ArrayBuffer} data */
  #receive(data) {
    const socket = this.#socket;
    const reply = unpack(data).catch(() => null);
    this.#unpacked = this.#unpacked.then(() => reply);
    this.#unpacked.then((reply) => {
      if (this.#socket === socket) this.#deliver(reply); // else that connection was left meanwhile
    });
  }

  /** @param {Reply | null} reply null if garbled */
  #deliver(reply) {
    if (!reply) {
      this.#drop(GARBLED);
      return;
    }
    if (!this.#underWay.delete(reply.header.id)) return; // nobody waits for it
    this.#wait = FIRST_WAIT; // the server is well: the next drop is a new one
    this.world.clearTimeout(this.#watchdog);
    if (this.#underWay.size) this.#watch(SILENT, PATIENCE);
    this.on.onReply(reply);
  }

  /** The connection is lost, or of no use: another one is made after a pause. @param {string} why */
  #drop(why) {
    this.#leave();
    const spread = 0.75 + Math.random() / 2; // so that not all visitors come back at once
    this.#reconnection = this.world.setTimeout(() => this.#connect(), this.#wait * spread);
    this.#wait = Math.min(2 * this.#wait, LAST_WAIT);
    this.on.onClose(why);
  }

  /** Remove the handlers before closing: a half-open socket may fire `close` minutes later or never. */
  #leave() {
    this.#settle();
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #settle() {
    this.#underWay.clear();
    this.world.clearTimeout(this.#watchdog);
  }
}
