/**
 * The web worker in which Python runs. It is started with the address of Pyodide's files, and reports to the
 * page how much has been loaded, when it is ready, and what the engine (`nnviz/site/engine`) answers.
 * Another one makes animations, and others train the runs of a sweep.
 *
 * @typedef {object} Load what the page sends first
 * @property {string} python address of the folder with Pyodide
 * @property {string} engine address of the archive
 * @property {string} [plotly] address of Plotly's script, where animations are made
 * @property {string} [sweep] an order, where runs of a sweep are trained
 *
 * @typedef {{layer: string} | {animation: string, png: ArrayBuffer | null}} Order of an animation: texts
 *   are requests as JSON, see `nnviz/site/engine/animator.py`
 * @typedef {{run: number}} Piece of a run of a sweep
 */

/** @type {((message: any) => void) | undefined} takes a message once Python is there */
let take;
/** @type {(string | Order | Piece)[]} messages that came before */
const early = [];

const PYODIDE = "pyodide.module.js"; // its pyodide.mjs, as nnviz/site/build.py names it

const NO_WEB_ASSEMBLY = "This browser has no WebAssembly, or it is switched off: Python cannot run here. Another browser can open this page.";
const AGAIN = "Python is started as soon as it is there.";

/** @param {MessageEvent<Load | Order | Piece | string>} event */
self.onmessage = ({ data }) => {
  if (typeof data !== "string" && "python" in data) load(data).catch((error) => post({ failed: sentenceOf(error) }));
  else if (take) take(data);
  else early.push(data);
};

/** @param {object} message @param {Transferable[]} [transfer] */
const post = (message, transfer = []) => self.postMessage(message, { transfer });

/** @param {Load} addresses */
async function load({ python, engine, plotly, sweep }) {
  if (typeof WebAssembly !== "object") return post({ failed: NO_WEB_ASSEMBLY });
  countLoaded();
  const archive = fetched(engine);
  archive.catch(() => {}); // thrown below, unless something else fails first
  const { loadPyodide } = await import(`${python}/${PYODIDE}`).catch(() => miss(unreached(PYODIDE)));
  const pyodide = await loadPyodide({ indexURL: `${python}/`, packages: ["numpy", "contourpy", ...(plotly ? ["pillow"] : [])] });
  const folder = "/engine";
  pyodide.FS.mkdir(folder);
  pyodide.unpackArchive(await archive, "gztar", { extractDir: folder });
  pyodide.runPython(`import sys; sys.path.insert(0, "${folder}")`);
  if (plotly) take = animating(pyodide, plotly);
  else if (sweep) take = sweeping(pyodide, sweep);
  else {
    const { start } = pyodide.pyimport("nnviz.site.engine.worker");
    take = start(reply, ...["page", "failed"].map((name) => (/** @type {string} */ text) => post({ [name]: text })));
  }
  post({ ready: true });
  for (const message of early.splice(0)) take?.(message);
}

/** What makes animations. @param {any} pyodide @param {string} plotly @returns {(order: Order) => Promise<void>} */
function animating(pyodide, plotly) {
  const { Animator, PLOTLY } = pyodide.pyimport("nnviz.site.engine.animator");
  const animator = Animator();
  return async (order) => {
    try {
      if ("layer" in order) return post({ answer: animator.layer(order.layer) });
      if (!order.png) pyodide.FS.writeFile(String(PLOTLY), new Uint8Array(await fetched(plotly)));
      const png = pyodide.toPy(new Uint8Array(order.png ?? [])).tobytes();
      const [header, file] = animator.animation(order.animation, png, (/** @type {number} */ done, /** @type {number} */ of) => post({ done, of }));
      post({ answer: header, file: copyOf(file) });
    } catch (error) {
      post({ failed: sentenceOf(error) });
    }
  };
}

/** What trains the runs of a sweep. @param {any} pyodide @param {string} order @returns {(piece: Piece) => void} */
function sweeping(pyodide, order) {
  const sweeper = pyodide.pyimport("nnviz.site.engine.sweeper").Sweeper(order);
  return ({ run }) => {
    try {
      const [seconds, outcome] = sweeper.go_on(run);
      post({ run, seconds, outcome });
    } catch (error) {
      post({ failed: `A run could not be trained: ${lastLineOf(error)}` });
    }
  };
}

/** Send the bytes of a reply on. @param {any} bytes of Python */
function reply(bytes) {
  const live = copyOf(bytes);
  post({ live }, [live]);
}

/** @param {any} bytes of Python, which are given back to it @returns {ArrayBuffer} */
function copyOf(bytes) {
  const view = bytes.getBuffer();
  const copy = view.data.slice().buffer;
  view.release();
  bytes.destroy?.();
  return copy;
}

/** Report every piece of a file that arrives, and a file that cannot be loaded, to the page. */
function countLoaded() {
  const plain = self.fetch.bind(self);
  self.fetch = async (...request) => {
    const name = String(request[0] instanceof Request ? request[0].url : request[0]).split("/").at(-1);
    const answer = await plain(...request).catch(() => null);
    if (!answer) return miss(unreached(name));
    if (!answer.ok) return miss(`${name} is missing on the host of this page (status ${answer.status}). ${AGAIN}`);
    if (!answer.body) return answer;
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
const fetched = async (address) => (await fetch(address)).arrayBuffer();

/** @param {string} name of a file */
const unreached = (name) => `${name} cannot be loaded: there is no network, or the host of this page does not have it. ${AGAIN}`;

/** Report a missing file at once: Pyodide may wait for it forever. @param {string} sentence @returns {never} */
function miss(sentence) {
  post({ failed: sentence });
  throw new Error(sentence);
}

/** Why Python did not start. @param {unknown} error */
const sentenceOf = (error) => `Python could not be started: ${lastLineOf(error)}`;

/** @param {unknown} error */
const lastLineOf = (error) => (error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error));
