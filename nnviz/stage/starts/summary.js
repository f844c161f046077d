/** A summary of many starts, in words and numbers. Pure. */

/**
 * @typedef {object} StartsHeader many starts in a reply, see `nnviz/live/lottery.py`
 * @property {"seed" | "data_seed"} varied
 * @property {number} count
 * @property {number[]} seeds of those that are made
 * @property {number[]} epochs where each is
 * @property {boolean} arrived whether all are at the epoch of the picture, or at their end
 * @property {boolean[]} stuck
 * @property {boolean[]} diverged
 * @property {(number | null)[][]} metrics training and test loss, training and test accuracy
 */

/** The columns of `metrics`. */
export const LOSS = 0;
export const ACCURACY = 2;

/**
 * Places of the starts, in the order wanted: by their seeds, or the lowest training loss first.
 * @param {StartsHeader} starts @param {string} order "seed" or "loss"
 * @returns {number[]}
 */
export function orderOf({ seeds, metrics }, order) {
  const places = seeds.map((_, i) => i);
  /** @param {number} i */
  const loss = (i) => metrics[i][LOSS] ?? Infinity;
  return order === "loss" ? places.sort((a, b) => loss(a) - loss(b) || a - b) : places;
}

const STEP = 5; // per cent
const MOST_ASKED = 95;

/**
 * The training accuracy that starts are held against until another is typed: the next step below what
 * the best of them reaches, to distinguish the starts that get there from those that do not.
 * @param {StartsHeader} starts @returns {number} per cent
 */
export function reachable({ metrics }) {
  const best = 100 * Math.max(0, ...metrics.map((row) => row[ACCURACY] ?? 0));
  return Math.min(MOST_ASKED, STEP * Math.floor(best / STEP + 1e-9));
}

/** @param {StartsHeader} starts @param {number} target training accuracy, 0…1 */
const reached = ({ metrics }, target) => metrics.map((row) => (row[ACCURACY] ?? 0) >= target - 1e-9);

/**
 * The starts held against a target: who reaches it is not called stuck, unless it has diverged.
 * @param {StartsHeader} starts @param {number} target training accuracy, 0…1 @returns {StartsHeader}
 */
export function judged(starts, target) {
  const isThere = reached(starts, target);
  return { ...starts, stuck: starts.stuck.map((isStuck, i) => isStuck && (starts.diverged[i] || !isThere[i])) };
}

/**
 * How many reach a target, to be written before and after it.
 * @param {StartsHeader} starts @param {number} target training accuracy, 0…1
 * @returns {[before: string, after: string]}
 */
export function summary(starts, target) {
  const { seeds, epochs, arrived, count, diverged } = starts;
  const ended = diverged.filter(Boolean).length;
  const behind = judged(starts, target).stuck.filter((isStuck, i) => isStuck && !diverged[i]).length;
  const others = [{ n: behind, what: "stuck" }, { n: ended, what: "diverged" }];
  const parts = ["% training accuracy", ...others.filter(({ n }) => n).map(({ n, what }) => `${n} ${what}`)];
  if (seeds.length < count) parts.push(`${count - seeds.length} to be made`);
  else if (!arrived) parts.push(`at epoch ${Math.min(...epochs)} so far`);
  return [`${reached(starts, target).filter(Boolean).length} of ${seeds.length} reach`, parts.join(", ")];
}

/** @param {number} share 0…1 */
export const percent = (share) => `${Number((100 * share).toFixed(1))} %`;

/**
 * The result of one start, for those who cannot see its picture.
 * @param {StartsHeader} starts @param {number} i its place
 */
export function described({ seeds, epochs, metrics, stuck, diverged }, i) {
  const { [LOSS]: loss, [ACCURACY]: accuracy } = metrics[i];
  const fate = diverged[i] ? ", diverged" : stuck[i] ? ", stuck" : "";
  const numbers = loss === null ? "no loss" : `training loss ${loss.toPrecision(3)}, accuracy ${percent(accuracy ?? 0)}`;
  return `Seed ${seeds[i]} at epoch ${epochs[i]}: ${numbers}${fate}`;
}

/**
 * How many numbers lie in each of equal bins; the last one has its upper end too.
 * @param {number[]} values within the ends @param {number} high the upper end, the lower is 0 @param {number} bins
 * @returns {number[]}
 */
export function counted(values, high, bins) {
  const counts = new Array(bins).fill(0);
  for (const value of values) counts[Math.min(Math.floor((value / high) * bins), bins - 1)] += 1;
  return counts;
}

/** The next of 1, 2 and 5 times a power of ten: the end of an axis. @param {number} value above 0 */
export function roundedUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([1, 2, 5].find((step) => step * power >= value * (1 - 1e-9)) ?? 10);
}
