/** The weights of one frame between the units shown, and the one that is being changed by hand. */

/**
 * @typedef {import("./names.js").UnitWindow} UnitWindow
 * @typedef {import("./names.js").Place} Place
 */

const MEDIUM = 2; // the scale is at least this, so that |w| = 1 is drawn at half its thickness
const STEP = 0.06; // part of the way to its new value that the scale goes in every picture
const LATE = 300; // ms in which replies may still come that were made before the change

export class Weights {
  /** |w| drawn in full thickness. @type {number | undefined} */
  scale;
  /**
   * All matrices shown, row by row, one after the other; the bias row comes first.
   * @type {Float32Array | undefined}
   */
  data;
  /** Where each matrix starts in them. @type {number[]} */
  starts = [];
  /** @type {UnitWindow[]} */
  windows = [];
  /** The weight being changed. @type {{weight: Place, value: number} | undefined} */
  held;
  /** @type {number | undefined} */
  timer;

  /** @param {Float32Array} data @param {UnitWindow[]} windows */
  update(data, windows) {
    this.data = this.held ? data.slice() : data;
    this.windows = windows;
    this.starts = [0];
    for (let m = 0; m + 1 < windows.length; m++) {
      this.starts.push(this.starts[m] + (1 + windows[m][1]) * windows[m + 1][1]);
    }
    if (this.held && this.shows(this.held.weight)) this.data[this.index(this.held.weight)] = this.held.value;
  }

  /**
   * Show a value until the engine's own numbers hold it.
   * @param {Place} weight @param {number} value
   */
  hold(weight, value) {
    clearTimeout(this.timer);
    this.held = { weight, value };
    if (this.data && this.shows(weight)) {
      this.data = this.data.slice();
      this.data[this.index(weight)] = value;
    }
  }

  /** The change is made; replies that were on their way may still be without it. */
  release() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.held = undefined;
    }, LATE);
  }

  /** Another network. */
  clear() {
    clearTimeout(this.timer);
    this.data = this.held = this.scale = undefined;
  }

  /** Whether both its ends are shown. @param {Place} weight */
  shows([matrix, row, column]) {
    const [[below, rows], [above, columns]] = [this.windows[matrix], this.windows[matrix + 1]];
    /** @param {number} n @param {number} first @param {number} count */
    const within = (n, first, count) => n >= first && n < first + count;
    return (row === 0 || within(row - 1, below, rows)) && within(column, above, columns);
  }

  /** Its place in the data. @param {Place} weight */
  index([matrix, row, column]) {
    const [[below], [above, columns]] = [this.windows[matrix], this.windows[matrix + 1]];
    return this.starts[matrix] + (row && row - below) * columns + column - above;
  }

  /** @param {Place} weight @returns {number} its value, NaN if it is not known yet */
  at(weight) {
    return this.data && this.shows(weight) ? this.data[this.index(weight)] : NaN;
  }

  /**
   * Move the scale a step to the largest weight, so that nothing jumps.
   * @returns {boolean} whether it has farther to go
   */
  adjustScale() {
    let largest = MEDIUM;
    for (const w of this.data) {
      if (Math.abs(w) > largest) largest = Math.abs(w);
    }
    this.scale ??= largest;
    const rest = largest - this.scale;
    const arrived = Math.abs(rest) < 0.005 * largest;
    this.scale = arrived ? largest : this.scale + STEP * rest;
    return !arrived;
  }
}
