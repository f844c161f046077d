/**
 * The live socket's connection, opened while the page still loads: a handshake takes two round trips.
 *
 * Streamlit mounts the stage only after its own scripts have loaded and the page's script has run.
 */

import { diagnose, sentenceOf } from "../transport/diagnosis.js";
import { hideNotice, showNotice } from "./notice.js";

const OPEN = 1; // WebSocket.readyState

/** @type {WebSocket | undefined} */
let early;

/** Open it; called by the page, see `nnviz/ui/page_files.py`. @param {string | URL} url */
export function connectEarly(url) {
  const address = new URL(url);
  address.protocol = address.protocol.replace("http", "ws");
  early = new WebSocket(address.href);
  early.onclose = (close) => explain(address.href, close);
}

/**
 * Say why it was closed where no stage has taken it over: Streamlit, which would mount one, is likely to
 * get no connection either, and does not say why.
 * @param {string} url @param {CloseEvent} close
 */
async function explain(url, close) {
  const lost = early;
  const why = sentenceOf(url, close) || await diagnose(url);
  if (why && early === lost) showNotice(why);
}

/** The browser, as a `LiveSocket` needs it: its first connection is the early one, if that still stands. */
export const world = () => ({
  WebSocket: /** @type {typeof WebSocket} */ (/** @type {unknown} */ (Object.assign(connect, { OPEN }))),
  /** @param {() => void} call @param {number} ms */
  setTimeout: (call, ms) => setTimeout(call, ms),
  /** @param {ReturnType<typeof setTimeout> | undefined} timer */
  clearTimeout: (timer) => clearTimeout(timer),
  diagnose,
});

/** To be called with `new`. @param {string} url */
function connect(url) {
  const socket = early;
  early = undefined;
  hideNotice();
  if (socket?.url !== url || socket.readyState > OPEN) {
    socket?.close();
    return new WebSocket(url);
  }
  // who takes it over sets its handlers first
  if (socket.readyState === OPEN) queueMicrotask(() => socket.onopen?.(new Event("open")));
  return socket;
}
