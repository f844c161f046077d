/** What the stage has to know of recipes: which settings they end with, and what differs. */

/**
 * @typedef {object} Edit a change in the middle of a run, see `nnviz/edits.py`
 * @property {number} epoch from which on it counts
 * @property {string} field a live field of the recipe, or "weight"
 * @property {unknown} value
 * @property {number[]} [at] matrix, row and column of a weight
 */

/**
 * The settings in force at the end of a recipe: what the sidebar shows.
 * @param {object} recipe @returns {object} without edits
 */
export function folded({ edits = [], ...start }) {
  for (const [, field, value, place] of edits) {
    if (!place) start[field] = value;
  }
  return start;
}

/** @returns {string[]} the fields in which the settings of two recipes differ */
export function differences(one, other) {
  const [a, b] = [folded(one), folded(other)];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/** @returns {string[]} the settings that edits after an epoch change */
export function laterFields({ edits = [] }, epoch) {
  return [...new Set(edits.filter(([at, , , place]) => at > epoch && !place).map(([, field]) => field))];
}

/**
 * The recipe up to an edit, then the edit; later edits never happened. As `Recipe.with_edit`.
 * @param {object} recipe @param {Edit} edit
 */
export function withEdit({ edits = [], ...start }, { epoch, field, value, at }) {
  const isReplaced = ([when, what, , place]) => when === epoch && what === field && String(place) === String(at);
  const kept = edits.filter((edit) => edit[0] <= epoch && !isReplaced(edit));
  if (epoch === 0 && !at) return withEdits({ ...start, [field]: value }, kept);
  return withEdits(start, [...kept, asListed({ epoch, field, value, at })]);
}

/**
 * The same, but what later edits had set is said again with the edit, so that the settings at the
 * end stay as people see them.
 * @param {object} recipe @param {Edit} edit
 */
export const withChange = (recipe, edit) => [edit, ...saidAgain(recipe, edit)].reduce(withEdit, recipe);

/** @returns {Edit[]} what an edit of a recipe has to bring along */
export function saidAgain(recipe, { epoch, field, at }) {
  const ends = folded(recipe);
  const lost = laterFields(recipe, epoch).filter((name) => at || name !== field);
  return lost.map((name) => ({ epoch, field: name, value: ends[name] }));
}

/** @param {Edit} edit @returns {Array} as a recipe has it */
export const asListed = ({ epoch, field, value, at }) => (at ? [epoch, field, value, at] : [epoch, field, value]);

/** @param {Array} edit one of the recipe's @returns {object} the recipe without it */
export function withoutEdit({ edits, ...start }, edit) {
  return withEdits(start, edits.filter((other) => JSON.stringify(other) !== JSON.stringify(edit)));
}

/** A recipe has `edits` only where there are some, as the server writes it. */
const withEdits = (start, edits) => (edits.length ? { ...start, edits } : start);
