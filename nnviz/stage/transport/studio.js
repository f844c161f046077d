/** The studio: a socket on which the server makes one animation. Closing it stops the work. */

const LOST = "The server can’t be reached. Try again.";

/**
 * @param {string} base of the server
 * @param {object} request see `live/studio.py`
 * @param {object} options
 * @param {AbortSignal} options.signal
 * @param {(before: number) => void} options.onWaiting while other animations come first
 * @param {(done: number, of: number) => void} options.onFrame
 * @returns {Promise<{name: string, file: Blob}>} fails with an Error in words
 */
export function animate(base, request, { signal, onWaiting, onFrame }) {
  const url = new URL(`${base}/studio`, location.origin);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url.href);
  socket.binaryType = "blob";
  return new Promise((resolve, reject) => {
    let header;
    socket.onopen = () => socket.send(JSON.stringify(request));
    socket.onmessage = ({ data }) => {
      if (typeof data !== "string") return resolve({ name: header.name, file: new Blob([data], { type: header.mime }) });
      const message = JSON.parse(data);
      if (message.problem) reject(new Error(message.problem));
      else if (message.name) header = message;
      else if ("waiting" in message) onWaiting(message.waiting);
      else onFrame(message.done, message.of);
    };
    socket.onclose = ({ reason }) => reject(new Error(reason || LOST));
    signal.addEventListener("abort", () => reject(signal.reason));
  }).finally(() => socket.close());
}
