/**
 * The web worker in which Python runs. It is started with the address of Pyodide's files, and tells the
 * page how much has been loaded, when it is ready, and what the engine (`nnviz/site/engine`) answers.
 *
 * @typedef {object} Load what the page sends first
 * @property {string} python address of the folder with Pyodide
 * @property {string} engine address of the archive
 */

/** @type {((text: string) => void) | undefined} takes a message for the engine */
let take;
/** @type {string[]} messages that came before it was ready */
const early = [];

/** @param {MessageEvent<Load | string>} event */
self.onmessage = ({ data }) => {
  if (typeof data !== "string") load(data).catch((error) => post({ failed: sentenceOf(error) }));
  else if (take) take(data);
  else early.push(data);
};

/** @param {object} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** @param {Load} addresses */
async function load({ python, engine }) {
  countLoaded();
  const archive = fetched(engine);
  archive.catch(() => {}); // thrown below, unless something else fails first
  const { loadPyodide } = await import(`${python}/pyodide.mjs`);
  const pyodide = await loadPyodide({ indexURL: `${python}/`, packages: ["numpy", "contourpy"] });
  const folder = "/engine";
  pyodide.FS.mkdir(folder);
  pyodide.unpackArchive(await archive, "zip", { extractDir: folder });
  pyodide.runPython(`import sys; sys.path.insert(0, "${folder}")`);
  const { start } = pyodide.pyimport("nnviz.site.engine.worker");
  take = start(reply, (/** @type {string} */ text) => post({ page: text }));
  post({ ready: true });
  for (const text of early.splice(0)) take?.(text);
}

/** Send the bytes of a reply on. @param {any} bytes of Python */
function reply(bytes) {
  const view = bytes.getBuffer();
  const copy = view.data.slice().buffer;
  view.release();
  bytes.destroy?.();
  post({ live: copy }, [copy]);
}

/** Tell the page of every piece of a file that arrives. */
function countLoaded() {
  const plain = self.fetch.bind(self);
  self.fetch = async (...request) => {
    const answer = await plain(...request);
    const name = new URL(answer.url).pathname.split("/").at(-1);
    if (!answer.ok || !answer.body) return answer;
    const counted = new TransformStream({
      transform(piece, controller) {
        post({ loaded: piece.byteLength, of: name });
        controller.enqueue(piece);
      },
    });
    const { status, statusText, headers } = answer;
    return new Response(answer.body.pipeThrough(counted), { status, statusText, headers });
  };
}

/** @param {string} address @returns {Promise<ArrayBuffer>} */
async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address} is missing (status ${answer.status})`);
  return answer.arrayBuffer();
}

/** Why Python did not start. @param {unknown} error */
function sentenceOf(error) {
  if (typeof WebAssembly !== "object") return "This browser has no WebAssembly, or it is switched off: Python cannot run here.";
  const why = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
  return `Python could not be started: ${why}`;
}
