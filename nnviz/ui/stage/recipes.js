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
