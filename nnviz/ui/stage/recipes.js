/** What the stage has to know of recipes: which settings they end with, and what differs. */

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

/** @param {Array} edit one of the recipe's @returns {object} the recipe without it */
export function withoutEdit({ edits, ...start }, edit) {
  const kept = edits.filter((other) => JSON.stringify(other) !== JSON.stringify(edit));
  return kept.length ? { ...start, edits: kept } : start;
}
