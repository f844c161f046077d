/** The studio: a socket on which the server makes one animation. Closing it stops the work. */

import { sentenceOf } from "./diagnosis.js";

const LOST = "The server can’t be reached. Try again.";
const PIECE = 250_000; // bytes of the layer in one message; at most MOST_PIECE in nnviz/live/studio.py

/**
 * @typedef {{problem: string} | {name: string, mime: string} | {waiting: number} | {ready: true} | {done: number, of: number}} News
 *   why there is no animation; the file that comes next; how many others come first; the request may
 *   be sent now; frames made
 */

/**
 * Who makes animations.
 * @typedef {object} Studio
 * @property {(request: object, options: {signal: AbortSignal}) => Promise<string>} layer what is the same in all frames, as a
 *   figure of Plotly in JSON
 * @property {(request: object, layer: Blob | null, options: AnimateOptions) => Promise<{name: string, file: Blob}>} animate both fail
 *   with an Error that says why
 *
 * @typedef {object} AnimateOptions
 * @property {AbortSignal} signal
 * @property {(before: number) => void} onWaiting while other animations come first
 * @property {(done: number, of: number) => void} onFrame
 */

/**
 * The server, and the run there. @param {string} base
 * @param {(request: import("../export/queue.js").ExportRequest) => Promise<import("../export/queue.js").Exported>} ask
 * @returns {Studio}
 */
export const serverStudio = (base, ask) => ({
  layer: async (request) => new TextDecoder().decode((await ask({ ...request, what: "layer" })).file),
  animate: (request, layer, options) => animate(base, request, layer, options),
});

/**
 * @param {string} base of the server
 * @param {object} request see `nnviz/live/studio.py`
 * @param {Blob | null} layer what is the same in all frames, as a PNG, where the format needs it
 * @param {AnimateOptions} options
 * @returns {Promise<{name: string, file: Blob}>} fails with an Error that says why
 */
export function animate(base, request, layer, { signal, onWaiting, onFrame }) {
  const url = new URL(`${base}/studio`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url.href);
  socket.binaryType = "blob";
  return new Promise((resolve, reject) => {
    const header = { name: "", mime: "" };
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return resolve({ name: header.name, file: new Blob([data], { type: header.mime }) });
      const news = /** @type {News} */ (JSON.parse(data));
      if ("problem" in news) reject(new Error(news.problem));
      else if ("name" in news) Object.assign(header, news);
      else if ("waiting" in news) onWaiting(news.waiting);
      else if ("ready" in news) send(socket, request, layer);
      else onFrame(news.done, news.of);
    };
    socket.onclose = (close) => reject(new Error(sentenceOf(url.href, close) || LOST));
    signal.addEventListener("abort", () => reject(signal.reason));
  }).finally(() => socket.close());
}

/** The request, and the layer in pieces after it. @param {WebSocket} socket @param {object} request @param {Blob | null} layer */
function send(socket, request, layer) {
  socket.send(JSON.stringify({ ...request, layer: layer?.size ?? 0 }));
  for (let start = 0; layer && start < layer.size; start += PIECE) socket.send(layer.slice(start, start + PIECE));
}
