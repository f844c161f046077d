/** The weights of one frame between the units shown, and the one that is being changed by hand. */

const MEDIUM = 2; // the scale is at least this, so that |w| = 1 is drawn at half its thickness
const STEP = 0.06; // of the way to its new value, the scale goes with every picture

export class Weights {
  constructor() {
    this.scale = undefined; // |w| drawn in full thickness
  }

  /** @param {Float32Array} data @param {[number, number][]} windows */
  take(data, windows) {
    this.data = this.held ? data.slice() : data;
    this.windows = windows;
    this.starts = [0];
    for (let m = 0; m + 1 < windows.length; m++) {
      this.starts.push(this.starts[m] + (1 + windows[m][1]) * windows[m + 1][1]);
    }
    if (this.held && this.shows(this.held.place)) this.data[this.index(this.held.place)] = this.held.value;
  }

  /** Until the engine's own numbers hold the change. */
  hold(place, value) {
    clearTimeout(this.timer);
    this.held = { place, value };
    if (this.data && this.shows(place)) {
      this.data = this.data.slice();
      this.data[this.index(place)] = value;
    }
  }

  /** The change is made; replies that were on their way may still be without it. */
  release() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.held = undefined;
    }, 300);
  }

  /** Another network. */
  clear() {
    clearTimeout(this.timer);
    this.data = this.held = this.scale = undefined;
  }

  shows([matrix, row, column]) {
    const [[below, rows], [above, columns]] = [this.windows[matrix], this.windows[matrix + 1]];
    const within = (n, first, count) => n >= first && n < first + count;
    return (row === 0 || within(row - 1, below, rows)) && within(column, above, columns);
  }

  index([matrix, row, column]) {
    const [[below], [above, columns]] = [this.windows[matrix], this.windows[matrix + 1]];
    return this.starts[matrix] + (row && row - below) * columns + column - above;
  }

  /** @returns {number} NaN if it is not known yet */
  at(place) {
    return this.data && this.shows(place) ? this.data[this.index(place)] : NaN;
  }

  /** The scale goes slowly, so that nothing jumps. @returns {boolean} whether it is still on its way */
  settle() {
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
