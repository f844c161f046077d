/** What is looked at, as the server reads it. */

/**
 * A look with the names of links.
 * @typedef {object} Look
 * @property {string} view
 * @property {number} class
 * @property {number} threshold
 * @property {boolean} rings
 * @property {string} points
 * @property {[number, number]?} unit
 * @property {number[]?} probe
 */

/** @param {Look} look @returns {object} fields of a request */
export function lookOnWire({ view, class: klass, threshold, rings, points: parts, unit, probe }) {
  return { look: { view, klass, threshold, rings, parts, unit }, probe: probe ?? null };
}
