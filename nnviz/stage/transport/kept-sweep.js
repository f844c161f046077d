/**
 * Keeps a sweep in the storage of this tab, for a reload: its order, and as many outcomes as there is room
 * for. A run is its recipe, so the others can be trained again.
 */

const NAME = "nnviz-sweep";
const MOST = 2_000_000; // characters: links and comparisons that are too long for the address need room too

/**
 * @typedef {object} Kept
 * @property {string} order
 * @property {number} total how many runs it has
 * @property {number} done how many had an outcome
 * @property {boolean} isOver
 * @property {number} seconds of training
 * @property {string[]} outcomes
 */

export class KeptSweep {
  #length = 0; // of the outcomes
  #count = 0;

  /** @param {string} version of the site, whose outcomes others cannot read @param {() => Storage} storage throws where it is blocked */
  constructor(version, storage = () => sessionStorage) {
    this.version = version;
    this.storage = storage;
  }

  /** What was kept before a reload. @returns {Kept | null} */
  read() {
    return this.#tried((storage) => {
      const { version, ...kept } = JSON.parse(storage.getItem(NAME) ?? "{}");
      if (version !== this.version) return this.forget(), null;
      const outcomes = [];
      for (let i = 0, text; (text = storage.getItem(placeOf(i))) !== null; i++) outcomes.push(text);
      this.#count = outcomes.length;
      this.#length = outcomes.join("").length;
      return { ...kept, outcomes };
    });
  }

  /** @param {Omit<Kept, "outcomes">} sweep its state now */
  write(sweep) {
    this.#tried((storage) => storage.setItem(NAME, JSON.stringify({ version: this.version, ...sweep })));
  }

  /** @param {string} outcome */
  add(outcome) {
    if (this.#length + outcome.length > MOST) return;
    this.#tried((storage) => {
      storage.setItem(placeOf(this.#count), outcome);
      this.#count += 1;
      this.#length += outcome.length;
    });
  }

  forget() {
    this.#count = this.#length = 0;
    this.#tried((storage) => {
      for (const name of Object.keys(storage)) if (name.startsWith(NAME)) storage.removeItem(name);
    });
  }

  /** @template Result @param {(storage: Storage) => Result} use @returns {Result | null} null where it is blocked or full */
  #tried(use) {
    try {
      return use(this.storage());
    } catch {
      return null;
    }
  }
}

/** @param {number} i of an outcome */
const placeOf = (i) => `${NAME}-${i}`;
