/**
 * Python in a web worker: one for the page, which has a run and the page's own state in it. A worker
 * that is lost is replaced, and the listeners are notified, so that they send what was in it again.
 */

const FIRST_WAIT = 250; // ms before a lost worker is replaced; doubles up to LAST_WAIT
const LAST_WAIT = 8000;
const PATIENCE = 30_000; // ms a reply may take once Python is there

const SILENT = `Python has not answered for ${PATIENCE / 1000} seconds. Starting it again; the run goes on from here.`;
const NOT_STARTED = "Python’s web worker could not be started: it is missing on the host of this page, or web workers are blocked here. Trying again.";
const LOST = "Python has ended. Starting it again; the run goes on from here.";

/**
 * @typedef {object} EngineEvents
 * @property {() => void} onReady Python is there, with nothing in it yet
 * @property {(reply: ArrayBuffer) => void} onReply of the run
 * @property {(text: string) => void} onPage what the page is to show, as JSON
 * @property {(why: string) => void} onLost a sentence
 */

/** @typedef {{loaded: number, of: string} | {ready: true} | {live: ArrayBuffer} | {page: string} | {failed: string}} News of the worker */

/**
 * @typedef {object} Addresses
 * @property {string} worker its script
 * @property {string} python the folder with Pyodide
 * @property {string} engine the archive
 */

/**
 * @typedef {object} World what an engine needs of the browser
 * @property {(address: string) => Worker} start a worker
 * @property {(call: () => void, ms: number) => ReturnType<typeof setTimeout>} setTimeout
 * @property {(timer: ReturnType<typeof setTimeout> | undefined) => void} clearTimeout
 */

/** That of a page; tests have their own. @returns {World} */
const browser = () => ({
  start: (address) => new Worker(address, { type: "module" }),
  setTimeout: (call, ms) => setTimeout(call, ms),
  clearTimeout: (timer) => clearTimeout(timer),
});

export class Engine {
  isReady = false;
  /** @type {Partial<EngineEvents>[]} */
  listeners = [];
  /** Called with the name of a file and the bytes of it that have arrived. @type {(name: string, bytes: number) => void} */
  onLoaded = () => {};
  #wait = FIRST_WAIT;
  #unanswered = 0;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Addresses} addresses @param {World} [world] */
  constructor(addresses, world = browser()) {
    this.addresses = addresses;
    this.world = world;
  }

  /** @param {Partial<EngineEvents>} listener @returns {() => void} stops that */
  listen(listener) {
    this.listeners.push(listener);
    return () => void (this.listeners = this.listeners.filter((other) => other !== listener));
  }

  start() {
    const { worker, python, engine } = this.addresses;
    let made;
    try {
      made = this.world.start(worker);
    } catch {
      this.#lose("This browser does not let the page start a web worker, in which Python runs.");
      return;
    }
    made.onmessage = ({ data }) => this.#receive(data);
    made.onerror = (event) => {
      event.preventDefault();
      this.#lose(this.isReady ? LOST : NOT_STARTED);
    };
    made.postMessage({ python, engine });
    this.#worker = made;
  }

  /** Send a message, which is answered once. @param {object} message see `nnviz/site/engine/worker.py` */
  send(message) {
    if (!this.#worker) return; // the sender is notified of the loss, and sends it again
    if (!this.#unanswered && this.isReady) this.#watch();
    this.#unanswered += 1;
    this.#worker.postMessage(JSON.stringify(message));
  }

  /** @param {News} news */
  #receive(news) {
    if ("loaded" in news) this.onLoaded(news.of, news.loaded);
    else if ("failed" in news) this.#lose(news.failed);
    else if ("ready" in news) this.#open();
    else {
      this.#wait = FIRST_WAIT;
      this.#unanswered -= 1;
      this.world.clearTimeout(this.#timer);
      if (this.#unanswered) this.#watch();
      if ("live" in news) this.#notify("onReply", news.live);
      else this.#notify("onPage", news.page);
    }
  }

  #open() {
    this.isReady = true;
    if (this.#unanswered) this.#watch();
    this.#notify("onReady");
  }

  #watch() {
    this.#timer = this.world.setTimeout(() => this.#lose(SILENT), PATIENCE);
  }

  /** @param {string} why */
  #lose(why) {
    this.world.clearTimeout(this.#timer);
    if (this.#worker) {
      this.#worker.onmessage = this.#worker.onerror = null;
      this.#worker.terminate();
    }
    this.#worker = null;
    this.isReady = false;
    this.#unanswered = 0;
    this.#timer = this.world.setTimeout(() => this.start(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LAST_WAIT);
    this.#notify("onLost", why);
  }

  /** @template {keyof EngineEvents} Name @param {Name} name @param {Parameters<EngineEvents[Name]>} news */
  #notify(name, ...news) {
    for (const listener of this.listeners) {
      const heard = /** @type {((...news: Parameters<EngineEvents[Name]>) => void) | undefined} */ (listener[name]);
      heard?.(...news);
    }
  }
}
