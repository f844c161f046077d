/**
 * Animations without a server: by a Python of their own in another web worker, so that the run goes on.
 * The worker is started for one animation, and ended after it.
 */

/**
 * @typedef {import("./studio.js").Studio} Studio
 * @typedef {{ready: true} | {loaded: number} | {answer: string, file?: ArrayBuffer} | {done: number, of: number} | {failed: string}} News
 *
 * @typedef {object} Addresses
 * @property {string} worker its script
 * @property {string} python the folder with Pyodide
 * @property {string} engine the archive
 * @property {string} plotly Plotly's script
 */

const BLOCKED = "Animations are made in a web worker, which could not be started here.";

/** @implements {Studio} */
export class Animator {
  /** @type {Worker | null} */
  #worker = null;

  /** @param {Addresses} addresses @param {(address: string) => Worker} start */
  constructor(addresses, start = (address) => new Worker(address, { type: "module" })) {
    this.addresses = addresses;
    this.start = start;
  }

  /** @type {Studio["layer"]} */
  async layer(request, { signal }) {
    const { answer } = await this.#ask({ layer: JSON.stringify(request) }, [], signal);
    return answer.figure;
  }

  /** @type {Studio["animate"]} */
  async animate(request, layer, { signal, onFrame }) {
    const png = layer ? await layer.arrayBuffer() : null;
    try {
      const { answer, file } = await this.#ask({ animation: JSON.stringify(request), png }, png ? [png] : [], signal, onFrame);
      return { name: answer.name, file: new Blob([file ?? ""], { type: answer.mime }) };
    } finally {
      this.#end();
    }
  }

  /**
   * @param {object} order @param {Transferable[]} transfer @param {AbortSignal} signal ends the worker
   * @param {(done: number, of: number) => void} [onFrame]
   * @returns {Promise<{answer: {[name: string]: string}, file?: ArrayBuffer}>} fails with an Error that says why
   */
  #ask(order, transfer, signal, onFrame = () => {}) {
    return new Promise((resolve, reject) => {
      const fail = (/** @type {unknown} */ error) => {
        this.#end();
        reject(error);
      };
      signal.addEventListener("abort", () => fail(signal.reason));
      const worker = (this.#worker ??= this.#started());
      worker.onerror = (event) => {
        event.preventDefault();
        fail(new Error(BLOCKED));
      };
      worker.onmessage = ({ data }) => {
        const news = /** @type {News} */ (data);
        if ("failed" in news) fail(new Error(news.failed));
        else if ("done" in news) onFrame(news.done, news.of);
        else if ("answer" in news) {
          const answer = JSON.parse(news.answer);
          if ("problem" in answer) fail(new Error(answer.problem));
          else resolve({ answer, file: news.file });
        }
      };
      worker.postMessage(order, transfer);
    });
  }

  #started() {
    const { worker: address, ...rest } = this.addresses;
    const worker = this.start(address);
    worker.postMessage(rest);
    return worker;
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}
