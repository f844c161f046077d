/**
 * How many frames a run may be granted ahead of the picture shown.
 *
 * As many as are shown during one round trip, and a few to spare: then one has always arrived when
 * the display is ready for it, and no more wait anywhere, neither on a slow line nor before a slow
 * display. The round trip is the shortest of the last seconds; the pace is that at which pictures
 * are shown, whatever limits it: display, line or server. A run that lacks credit is shown as many
 * frames a round trip as it has, and so gets some more with every round trip.
 */

const DISPLAY = 1000 / 60; // ms between two pictures, until that is measured
const COUNTED = 16; // pictures over which it is measured
const SPARE = 2; // frames more than are under way
const SLOW = 50; // ms between two pictures from which on one to spare is enough
const MOST = 40; // frames
const PERIOD = 5000; // ms; the shortest round trip is that of this period and the one before

export class Credit {
  /** @type {Map<number, number>} when each request was sent, by its id */
  #sent = new Map();
  /** @type {number[]} when the last pictures were shown */
  #shown = [];
  #shortest = Infinity; // ms
  #shortestBefore = Infinity;
  #periodStart = -Infinity;

  /** @param {() => number} now a clock, in ms */
  constructor(now) {
    this.now = now;
  }

  /** How many frames may be requested and not shown. */
  get window() {
    const trip = Math.min(this.#shortest, this.#shortestBefore);
    const between = this.#between;
    const spare = this.#isProbing(trip) ? -1 : between > SLOW ? 1 : SPARE;
    return Math.max(1, Math.min(Math.ceil((trip === Infinity ? 0 : trip) / between) + spare, MOST));
  }

  /** @param {number} id */
  sent(id) {
    this.#sent.set(id, this.now());
  }

  /** @param {number} id */
  replied(id) {
    const now = this.now();
    if (now - this.#periodStart > PERIOD) {
      this.#periodStart = now;
      this.#shortestBefore = this.#shortest;
      this.#shortest = Infinity;
    }
    this.#shortest = Math.min(this.#shortest, now - (this.#sent.get(id) ?? -Infinity));
    this.#sent.delete(id);
  }

  /** A picture of a run that goes on is shown. */
  shown() {
    this.#shown = [...this.#shown.slice(1 - COUNTED), this.now()];
  }

  /** The run was interrupted, so the next picture does not count for its pace. */
  interrupt() {
    this.#shown = [];
  }

  /** The connection is lost. */
  forget() {
    this.#sent.clear();
    this.interrupt();
    this.#shortest = this.#shortestBefore = Infinity;
  }

  /** ms between two pictures. */
  get #between() {
    const shown = this.#shown;
    if (shown.length < COUNTED) return DISPLAY;
    return Math.max(DISPLAY / 4, (shown[shown.length - 1] - shown[0]) / (shown.length - 1));
  }

  /**
   * Whether a period begins on a line or server that is slower than the display: for two round trips
   * nothing is to wait there, else the time that frames wait would be taken for a longer round trip,
   * and they would become ever more.
   * @param {number} trip
   */
  #isProbing(trip) {
    const isSlow = this.#shown.length === COUNTED && this.#between > 1.2 * DISPLAY;
    return isSlow && trip !== Infinity && this.now() - this.#periodStart < 2 * trip;
  }
}
