/** Ghosts: earlier runs, kept as faint lines beside the present one, with what differed in them. */

import { differences, finalSettings } from "./recipes.js";

const MOST = 5;
const NAMED = 2; // differences written out in a legend

/** @typedef {import("./recipes.js").Recipe} Recipe */

/**
 * @typedef {object} Ghost
 * @property {string} key the recipe as JSON
 * @property {Recipe} recipe
 * @property {number} last epoch
 * @property {import("./history.js").Lines[]} lines on an even and on a logarithmic axis of epochs
 */

export class Ghosts {
  /** @type {Ghost[]} oldest first */
  runs = [];

  /**
   * Keep a run that ends here; where the same run ended twice, the longer of the two.
   * @param {Recipe} recipe @param {import("./history.js").History} history
   */
  keep(recipe, history) {
    if (history.last < 1) return;
    const key = JSON.stringify(recipe);
    const same = this.runs.find((run) => run.key === key);
    if (same && same.last >= history.last) return;
    const others = this.runs.filter((run) => run !== same);
    const lines = [false, true].map((logarithmic) => history.thinned(logarithmic));
    this.runs = [...others, { key, recipe, last: history.last, lines }].slice(-MOST);
  }

  clear() {
    this.runs = [];
  }

  /** The runs that differ from the present one, oldest first. @param {Recipe | null} recipe */
  beside(recipe) {
    const key = JSON.stringify(recipe);
    return this.runs.filter((run) => run.key !== key);
  }
}

/**
 * What was different in an earlier run, for a legend.
 * @param {Recipe} earlier @param {Recipe} recipe of the present run
 * @param {Object<string, string>} labels of the recipe's fields
 */
export function difference(earlier, recipe, labels) {
  const fields = differences(recipe, earlier);
  const settings = finalSettings(earlier);
  const found = fields.map((field) => `${labels[field] ?? field} ${written(settings[field])}`);
  if (!found.length) found.push(earlier.edits?.length ? "changed during the run" : "same settings, no changes during the run");
  const more = found.length - NAMED;
  return found.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** @param {unknown} value */
function written(value) {
  if (value === null || value === undefined) return "full"; // the batch
  if (Array.isArray(value)) return value.length ? value.join("-") : "none";
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
