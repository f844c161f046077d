/**
 * The live socket's connection, opened while the page still loads, and on it the run of the page's
 * link: a handshake takes two round trips, and later browser and server are busy with the sidebar.
 *
 * Streamlit mounts the stage only after its own scripts have loaded and the page's script has run.
 */

import { unpack } from "../transport/codec.js";
import { diagnose, sentenceOf } from "../transport/diagnosis.js";
import { LiveSocket } from "../transport/socket.js";
import { hideNotice, showNotice } from "./notice.js";

/** @typedef {import("../run/replies.js").Reply} Reply */
/** @typedef {import("../run/requests.js").Request} Request */
/** @typedef {import("../run/run.js").TransportEvents} TransportEvents */

const OPEN = 1; // WebSocket.readyState
const PATIENCE = 15_000; // ms until the run is requested once more

/**
 * @typedef {object} Early
 * @property {WebSocket} socket
 * @property {Promise<Reply | null>} opened its first reply; null if garbled
 */

/** @type {Early | undefined} */
let early;

/**
 * Open it, and the run of a link.
 * @param {string | URL} url @param {string} query of the link, or ""
 * @returns {Promise<Reply | null>} null if garbled
 */
export function connectEarly(url, query) {
  const address = new URL(url);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address.href);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => socket.send(JSON.stringify({ id: 0, op: "open", recipe: query })), { once: true });
  /** @type {Promise<MessageEvent>} */
  const first = new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  const opened = first.then(({ data }) => unpack(data)).catch(() => null);
  early = { socket, opened };
  socket.onclose = (close) => explain(address.href, close);
  return opened;
}

/**
 * Show why it was closed if no stage has taken it over: Streamlit, which would mount one, probably gets no
 * connection either, and does not show why.
 * @param {string} url @param {CloseEvent} close
 */
async function explain(url, close) {
  const lost = early;
  const why = sentenceOf(url, close) || await diagnose(url);
  if (why && early === lost) showNotice(why);
}

/** The live socket of a page: its first connection is the early one, if that still stands. */
export class PageSocket {
  /** The reply to the first request of this connection, if that was made early. @type {Promise<Reply | null> | null} */
  #opened = null;

  /** @param {string} url @param {TransportEvents} on */
  constructor(url, on) {
    this.on = on;
    this.live = new LiveSocket(url, { ...on, onClose: (why) => this.#drop(why) }, worldWith((address) => this.#connect(address)));
  }

  get ready() {
    return this.live.ready;
  }

  /** @param {Request} request only while `ready` */
  send(request) {
    if (this.#opened) this.#answer(request, this.#opened);
    else this.live.send(request);
  }

  close() {
    this.#opened = null;
    this.live.close();
  }

  /** @param {string} address */
  #connect(address) {
    const taken = takenOver(address);
    this.#opened = taken?.opened ?? null;
    return taken?.socket ?? new WebSocket(address);
  }

  /** @param {string} why */
  #drop(why) {
    this.#opened = null;
    this.on.onClose(why);
  }

  /**
   * The first request opens a run. Nothing follows it before its reply.
   * @param {Request} request @param {Promise<Reply | null>} opened
   */
  async #answer(request, opened) {
    const reply = await within(PATIENCE, opened);
    if (this.#opened !== opened) return; // that connection was left meanwhile
    this.#opened = null;
    if (reply && isOf(reply, request)) this.on.onReply({ ...reply, header: { ...reply.header, id: request.id } });
    else this.live.send(request);
  }
}

/** The browser, with other connections. @param {(url: string) => WebSocket} connect @returns {import("../transport/socket.js").World} */
function worldWith(connect) {
  /** To be called with `new`. @param {string} url */
  function Connection(url) {
    return connect(url);
  }
  return {
    WebSocket: /** @type {typeof WebSocket} */ (/** @type {unknown} */ (Object.assign(Connection, { OPEN }))),
    setTimeout: (call, ms) => setTimeout(call, ms),
    clearTimeout: (timer) => clearTimeout(timer),
    diagnose,
  };
}

/** The early connection, if it leads to that address and still stands. @param {string} url @returns {Early | undefined} */
function takenOver(url) {
  const taken = early;
  early = undefined;
  hideNotice();
  if (!taken) return undefined;
  const { socket } = taken;
  if (socket.url !== url || socket.readyState > OPEN) {
    socket.close();
    return undefined;
  }
  // who takes it over sets its handlers first
  if (socket.readyState === OPEN) queueMicrotask(() => socket.onopen?.(new Event("open")));
  return taken;
}

/** Whether a reply has opened the run that a request is for. @param {Reply} reply @param {Request} request */
const isOf = ({ header }, { op, recipe }) =>
  op === "open" && header.type === "opened" && JSON.stringify(header.recipe) === JSON.stringify(recipe);

/** @template Value @param {number} ms @param {Promise<Value>} promise @returns {Promise<Value | null>} null where it takes longer */
async function within(ms, promise) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, ms, null)));
  const value = await Promise.race([promise, late]);
  clearTimeout(timer);
  return value;
}
