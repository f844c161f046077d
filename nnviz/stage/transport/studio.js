/** The studio: a socket on which the server makes one animation. Closing it stops the work. */

import { sentenceOf } from "./diagnosis.js";

const LOST = "The server can’t be reached. Try again.";

/**
 * @typedef {{problem: string} | {name: string, mime: string} | {waiting: number} | {done: number, of: number}} News
 *   why there is no animation; the file that comes next; how many others come first; frames made
 */

/**
 * @param {string} base of the server
 * @param {object} request see `nnviz/live/studio.py`
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {(before: number) => void} options.onWaiting while other animations come first
 * @param {(done: number, of: number) => void} options.onFrame
 * @returns {Promise<{name: string, file: Blob}>} fails with an Error that says why
 */
export function animate(base, request, { signal, onWaiting, onFrame }) {
  const url = new URL(`${base}/studio`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url.href);
  socket.binaryType = "blob";
  return new Promise((resolve, reject) => {
    const header = { name: "", mime: "" };
    socket.onopen = () => socket.send(JSON.stringify(request));
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return resolve({ name: header.name, file: new Blob([data], { type: header.mime }) });
      const news = /** @type {News} */ (JSON.parse(data));
      if ("problem" in news) reject(new Error(news.problem));
      else if ("name" in news) Object.assign(header, news);
      else if ("waiting" in news) onWaiting(news.waiting);
      else onFrame(news.done, news.of);
    };
    socket.onclose = (close) => reject(new Error(sentenceOf(url.href, close) || LOST));
    signal.addEventListener("abort", () => reject(signal.reason));
  }).finally(() => socket.close());
}
