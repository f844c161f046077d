/** Edits as the marks of the time line show them. Pure. */

import { describedStroke, merged, POINTS } from "../run/strokes.js";

/** @typedef {import("../run/recipes.js").ListedEdit} ListedEdit */
/** @typedef {{first: number, last: number, edits: ListedEdit[]}} Group edits with one mark, and the epochs of the first and the last */

const APART = 0.06; // of the time line: marks that are closer would cover each other

/**
 * Edits in groups, each with one mark: those of one epoch, and strokes that follow each other without a pause.
 * @param {ListedEdit[]} edits @param {number} last epoch of the time line @returns {Group[]}
 */
export function grouped(edits, last) {
  /** @type {Group[]} */
  const groups = [];
  for (const epoch of [...new Set(edits.map(([when]) => when))].sort((a, b) => a - b)) {
    const here = edits.filter(([when]) => when === epoch);
    const before = groups.at(-1);
    const goesOn = before && epoch - before.last <= APART * last && [...before.edits, ...here].every(isStroke);
    if (goesOn) Object.assign(before, { last: epoch, edits: [...before.edits, ...here] });
    else groups.push({ first: epoch, last: epoch, edits: here });
  }
  return groups;
}

/** Where the edits of a group were made. @param {Group} group */
export const placeOf = ({ first, last }) => (first === last ? `epoch ${first}` : `epochs ${first}–${last}`);

/** The edits of a group as they are listed and removed: all its strokes at once. @param {Group} group @returns {ListedEdit[][]} */
export function listed({ edits }) {
  const strokes = edits.filter(isStroke);
  return [...edits.filter((edit) => !isStroke(edit)).map((edit) => [edit]), ...(strokes.length ? [strokes] : [])];
}

/** What strokes do together. @param {ListedEdit[]} edits */
export const describedStrokes = (edits) => describedStroke(merged(...edits.map(([, , value]) => String(value))));

/** @param {ListedEdit} edit */
export const isStroke = ([, field]) => field === POINTS;
