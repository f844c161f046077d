/**
 * A sweep in web workers, each with a Python of its own: they train run after run, a piece at each
 * message, so that it can be paused in the midst of a run. The order and all outcomes are kept here,
 * to send them again when the page's Python was replaced, and in the tab for a reload.
 */

const SEND_WAIT = 700; // ms between two messages with new outcomes

const ENDED = "A web worker, in which runs are trained, has ended. Go on starts another; no run is lost.";
const RELOADED = "The page was loaded again meanwhile. Go on trains the runs that are left.";
const BLOCKED = "This browser does not let the page start a web worker, in which runs are trained.";

/**
 * @typedef {object} Progress a message to the page's Python, see `nnviz/site/engine/sweeps.py`
 * @property {string | null} order null once it is forgotten
 * @property {"running" | "paused" | "over"} state
 * @property {string[]} outcomes those that were not sent yet
 * @property {number} seconds of training so far
 * @property {string | null} problem why it rests
 *
 * @typedef {{do: "start", order: string, total: number} | {do: "pause" | "goOn" | "stop" | "forget"}} Command
 *
 * @typedef {{ready: true} | {loaded: number} | {failed: string} | {run: number, seconds: number, outcome: string}} News
 *   of a worker; the outcome is "" before the run's end
 *
 * @typedef {{worker: Worker, run: number | undefined, isBusy: boolean}} Place a worker, and the run under way in it
 *
 * @typedef {{worker: string, python: string, engine: string}} Addresses
 */

/** That of a page; tests have their own. */
const browser = () => ({
  start: (/** @type {string} */ address) => new Worker(address, { type: "module" }),
  setTimeout: (/** @type {() => void} */ call, /** @type {number} */ ms) => setTimeout(call, ms),
  clearTimeout: (/** @type {ReturnType<typeof setTimeout> | undefined} */ timer) => clearTimeout(timer),
});

/** How many workers there may be: the page's own Python has a core for itself. @param {number | undefined} cores */
export const workersFor = (cores) => Math.max(1, Math.min(4, (cores ?? 2) - 1));

export class Sweepers {
  #total = 0;
  /** @type {number[]} runs that no worker has begun, those of workers that have ended first */
  #left = [];
  /** @type {string[]} */
  #outcomes = [];
  #sent = 0; // outcomes
  #seconds = 0;
  /** @type {Progress["state"]} */
  #state = "over";
  /** @type {string | null} */
  #order = null;
  /** @type {string | null} */
  #problem = null;
  /** @type {Set<Place>} */
  #places = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Addresses} addresses @param {number} count of workers @param {(progress: Progress) => void} send
   * @param {import("./kept-sweep.js").KeptSweep} memory @param {ReturnType<typeof browser>} [world]
   */
  constructor(addresses, count, send, memory, world = browser()) {
    this.addresses = addresses;
    this.count = count;
    this.send = send;
    this.memory = memory;
    this.world = world;
    this.#restore(memory.read());
  }

  /** @param {Command} command */
  take(command) {
    if (command.do === "start") this.#start(command.order, command.total);
    else if (command.do === "forget") this.#forget();
    else if (this.#state === "over") return; // a click that came late
    else if (command.do === "goOn") this.#goOn();
    else if (command.do === "pause") this.#change("paused");
    else this.#end();
  }

  /** Send all of it to a Python that was started anew. */
  repeat() {
    this.#sent = 0;
    if (this.#order) this.#send();
  }

  /** A sweep from before a reload is paused until its visitor goes on with it. @param {import("./kept-sweep.js").Kept | null} kept */
  #restore(kept) {
    if (!kept) return;
    ({ order: this.#order, total: this.#total, seconds: this.#seconds, outcomes: this.#outcomes } = kept);
    const done = new Set(kept.outcomes.map((outcome) => JSON.parse(outcome)[0]));
    this.#left = runsOf(kept.total).filter((run) => !done.has(run));
    if (kept.isOver && kept.outcomes.length >= kept.done) return;
    this.#state = "paused";
    this.#problem = RELOADED;
  }

  /** @param {string} order @param {number} total */
  #start(order, total) {
    this.#end();
    this.memory.forget();
    this.#order = order;
    this.#total = total;
    this.#sent = this.#seconds = 0;
    this.#left = runsOf(total);
    this.#outcomes = [];
    this.#goOn();
  }

  #goOn() {
    this.#problem = null;
    this.#state = "running";
    const left = this.#total - this.#outcomes.length;
    try {
      while (this.#places.size < Math.min(this.count, left)) this.#places.add(this.#started());
    } catch {
      this.#change("paused", BLOCKED);
      return;
    }
    for (const place of this.#places) this.#drive(place);
    this.#send();
  }

  #started() {
    const { worker: address, ...rest } = this.addresses;
    const worker = this.world.start(address);
    /** @type {Place} */
    const place = { worker, run: undefined, isBusy: true };
    worker.onmessage = ({ data }) => this.#receive(place, data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(place, ENDED);
    };
    worker.postMessage({ ...rest, sweep: this.#order });
    return place;
  }

  /** @param {Place} place @param {News} news */
  #receive(place, news) {
    if ("loaded" in news) return;
    if ("failed" in news) return this.#lose(place, news.failed);
    place.isBusy = false;
    if ("run" in news) this.#count(place, news);
    this.#drive(place);
    if (!this.#places.size) this.#end();
  }

  /** @param {Place} place @param {{seconds: number, outcome: string}} piece */
  #count(place, { seconds, outcome }) {
    this.#seconds += seconds;
    if (!outcome) return;
    place.run = undefined;
    this.#outcomes.push(outcome);
    this.memory.add(outcome);
    this.#timer ??= this.world.setTimeout(() => this.#send(), SEND_WAIT);
  }

  /** Let a worker do the next piece of its run, or of another one; one without any run left ends. @param {Place} place */
  #drive(place) {
    if (this.#state !== "running" || place.isBusy) return;
    place.run ??= this.#left.shift();
    if (place.run === undefined) {
      place.worker.terminate();
      this.#places.delete(place);
    } else {
      place.isBusy = true;
      place.worker.postMessage({ run: place.run });
    }
  }

  /** @param {Place} place @param {string} why a sentence */
  #lose(place, why) {
    place.worker.terminate();
    this.#places.delete(place);
    if (place.run !== undefined) this.#left.unshift(place.run);
    this.#change("paused", why);
  }

  /** @param {Progress["state"]} state @param {string | null} problem */
  #change(state, problem = null) {
    if (this.#state === "over") return;
    this.#state = state;
    this.#problem = problem;
    this.#send();
  }

  /** Its outcomes so far stay. */
  #end() {
    for (const { worker } of this.#places) worker.terminate();
    this.#places.clear();
    this.#change("over");
  }

  #forget() {
    this.#end();
    this.#order = null;
    this.#outcomes = [];
    this.memory.forget();
    this.#send();
  }

  #send() {
    this.world.clearTimeout(this.#timer);
    this.#timer = undefined;
    const outcomes = this.#outcomes.slice(this.#sent);
    this.#sent = this.#outcomes.length;
    this.send({ order: this.#order, state: this.#state, outcomes, seconds: this.#seconds, problem: this.#problem });
    if (!this.#order) return;
    const isOver = this.#state === "over";
    this.memory.write({ order: this.#order, total: this.#total, done: this.#sent, isOver, seconds: this.#seconds });
  }
}

/** @param {number} total */
const runsOf = (total) => Array.from({ length: total }, (_, run) => run);
