/** A histogram of many starts, as an SVG image; those that are stuck stand on the others, hatched. */

import { counted } from "./summary.js";

const BINS = 10;
const WIDTH = 150;
const HEIGHT = 44;

/**
 * @param {string} title
 * @param {{value: number, isStuck: boolean}[]} starts
 * @param {number} high the axis ends there, and begins at 0
 * @param {(value: number) => string} written a number at the axis
 * @param {number} [target] a line is drawn there
 * @returns {string} SVG
 */
export function histogram(title, starts, high, written, target) {
  const fine = counted(starts.flatMap(({ value, isStuck }) => (isStuck ? [] : [value])), high, BINS);
  const stuck = counted(starts.flatMap(({ value, isStuck }) => (isStuck ? [value] : [])), high, BINS);
  const most = Math.max(1, ...fine.map((n, i) => n + stuck[i]));
  const step = WIDTH / BINS;
  /** @param {number} i @param {number} from @param {number} n @param {string} kind */
  const bar = (i, from, n, kind) =>
    n ? `<rect class="${kind}" x="${i * step + 1}" width="${step - 2}" y="${HEIGHT * (1 - (from + n) / most)}" height="${(HEIGHT * n) / most}"/>` : "";
  const bars = fine.map((n, i) => bar(i, 0, n, "fine") + bar(i, n, stuck[i], "stuck")).join("");
  const line = target === undefined ? "" : `<path class="target" d="M${(target / high) * WIDTH},-2V${HEIGHT}"/>`;
  const description = fine.flatMap((n, i) => (n + stuck[i] ? [`${n + stuck[i]} from ${written((i * high) / BINS)} to ${written(((i + 1) * high) / BINS)}`] : []));
  return `<svg viewBox="-4 -16 ${WIDTH + 8} ${HEIGHT + 32}" role="img" aria-label="${title}: ${description.join(", ")}">
    <text x="${WIDTH / 2}" y="-6" text-anchor="middle">${title}</text>${bars}
    <path class="axis" d="M0,${HEIGHT}H${WIDTH}"/>${line}
    <text y="${HEIGHT + 12}">0</text><text x="${WIDTH}" y="${HEIGHT + 12}" text-anchor="end">${written(high)}</text></svg>`;
}
