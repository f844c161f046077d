/**
 * The live socket's connection, opened while the page still loads: a handshake takes two round trips.
 *
 * Streamlit mounts the stage only after its own scripts have loaded and the page's script has run.
 */

const OPEN = 1; // WebSocket.readyState

/** @type {WebSocket | undefined} */
let early;

/** Open it; called by the page, see `nnviz/ui/page_files.py`. @param {string | URL} url */
export function connectEarly(url) {
  const address = new URL(url);
  address.protocol = address.protocol.replace("http", "ws");
  early = new WebSocket(address.href);
}

/** The browser, as a `LiveSocket` needs it: its first connection is the early one, if that still stands. */
export const world = () => ({
  WebSocket: /** @type {typeof WebSocket} */ (/** @type {unknown} */ (Object.assign(connect, { OPEN }))),
  /** @param {() => void} call @param {number} ms */
  setTimeout: (call, ms) => setTimeout(call, ms),
  /** @param {ReturnType<typeof setTimeout> | undefined} timer */
  clearTimeout: (timer) => clearTimeout(timer),
});

/** To be called with `new`. @param {string} url */
function connect(url) {
  const socket = early;
  early = undefined;
  if (socket?.url !== url || socket.readyState > OPEN) {
    socket?.close();
    return new WebSocket(url);
  }
  // who takes it over sets its handlers first
  if (socket.readyState === OPEN) queueMicrotask(() => socket.onopen?.(new Event("open")));
  return socket;
}
