/** Strokes: points drawn, moved and erased during a run, as `nnviz/recipe/strokes.py` writes them. Pure. */

import { counted } from "../text/format.js";

/** @typedef {{number: number, label: number, place: number[]} | {number: number, label?: undefined, place?: undefined}} Mark a point gets a class and a place, or is erased */

export const POINTS = "points"; // the field of an edit with a stroke

const JOINT = "~";

/** @param {Mark} mark */
const textOf = ({ number, label, place }) => (place ? `${number}_${label}_${place.join("_")}` : String(number));

/** @param {Mark[]} marks */
export const strokeOf = (marks) => marks.map(textOf).join(JOINT);

/** @param {string} stroke @returns {Mark[]} */
export const marksOf = (stroke) => (stroke ? stroke.split(JOINT).map(markOf) : []);

/** @param {string} text @returns {Mark} */
function markOf(text) {
  const [number, label, x, y] = text.split("_").map(Number);
  return y === undefined ? { number } : { number, label, place: [x, y] };
}

/** One stroke that does the same as several, one after the other: the last mark of a point counts. @param {string[]} strokes */
export function merged(...strokes) {
  const last = new Map(strokes.filter(Boolean).flatMap((stroke) => stroke.split(JOINT)).map((mark) => [mark.split("_")[0], mark]));
  return [...last.values()].join(JOINT);
}

/** A stroke without the points of any class beyond the first few. @param {string} stroke @param {number} classes */
export const ofClasses = (stroke, classes) => strokeOf(marksOf(stroke).filter(({ label }) => label === undefined || label < classes));

/**
 * The strokes of a recipe up to an epoch.
 * @param {import("./recipes.js").Recipe} recipe
 */
export const strokesUpTo = ({ edits = [] }, epoch = Infinity) =>
  edits.flatMap(([when, field, value]) => (field === POINTS && when <= epoch ? [String(value)] : []));

const MOST_LENGTH = 12_000; // characters of an edit, of which a request to make one has room for 16,000
const MOST_MARKS = 400;

/** Whether two strokes are short enough to be one edit. @param {string} one @param {string} other */
export const fitTogether = (one, other) => one.length + other.length < MOST_LENGTH;

/** A stroke in parts that an edit can hold each. @param {string} stroke */
export function inParts(stroke) {
  const marks = stroke.split(JOINT);
  const parts = [];
  for (let at = 0; at < marks.length; at += MOST_MARKS) parts.push(marks.slice(at, at + MOST_MARKS).join(JOINT));
  return parts;
}

/** What a stroke does, for a list of changes. @param {string} stroke */
export function describedStroke(stroke) {
  const marks = marksOf(stroke);
  const set = marks.filter(({ place }) => place).length;
  const erased = marks.length - set;
  /** @param {number} count @param {string} verb */
  const part = (count, verb) => (count ? [`${counted(count, "point")} ${verb}`] : []);
  return [...part(set, "drawn or moved"), ...part(erased, "erased")].join(", ");
}

/**
 * Coordinates as they are kept: to 3 decimals of the span of their axis.
 * @param {number[]} point @param {[low: number, high: number][]} extent
 */
export function rounded(point, extent) {
  return point.map((value, i) => {
    const decimals = Math.ceil(3 - Math.log10(extent[i][1] - extent[i][0]));
    if (decimals > 0) return Number(value.toFixed(Math.min(decimals, 100)));
    const unit = 10 ** -decimals;
    return Math.round(value / unit) * unit;
  });
}
