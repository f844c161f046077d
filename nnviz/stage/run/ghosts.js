/** Earlier runs, kept as faint lines beside the present one, with what differed. */

import { differences, folded } from "./recipes.js";

const MOST = 5;
const NAMED = 2; // differences written out in a legend

export class Ghosts {
  constructor() {
    this.runs = [];
  }

  /** Keep a run that comes to its end; of the same run twice the longer. */
  keep(recipe, history) {
    if (history.last < 1) return;
    const name = JSON.stringify(recipe);
    const same = this.runs.find((run) => run.name === name);
    if (same?.last >= history.last) return;
    this.runs = this.runs.filter((run) => run !== same);
    const lines = [false, true].map((logarithmic) => history.thinned(logarithmic));
    this.runs = [...this.runs, { name, recipe, last: history.last, lines }].slice(-MOST);
  }

  clear() {
    this.runs = [];
  }

  /** The runs that differ from the present one, oldest first. */
  beside(recipe) {
    const name = JSON.stringify(recipe);
    return this.runs.filter((run) => run.name !== name);
  }
}

/**
 * What an earlier run had that the present one has not, in words.
 * @param {Object<string, string>} labels of the recipe's fields
 */
export function difference(earlier, recipe, labels) {
  const names = differences(recipe, earlier);
  const settings = folded(earlier);
  const words = names.map((name) => `${labels[name] ?? name} ${written(settings[name])}`);
  if (!words.length) words.push(earlier.edits?.length ? "changed during the run" : "as it is now, without changes");
  const more = words.length - NAMED;
  return words.slice(0, NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function written(value) {
  if (value === null || value === undefined) return "full";
  if (Array.isArray(value)) return value.length ? value.join("-") : "none";
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
