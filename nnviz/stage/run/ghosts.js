/** Ghosts: earlier runs, kept as faint lines beside the present one, with what differed in them. */

import { described, fixedFields, written } from "./phrases.js";
import { finalSettings, withEditsBefore } from "./recipes.js";

const MOST = 5;
export const NAMED = 3; // differences written out in a legend

/** @typedef {import("./recipes.js").Recipe} Recipe */
/** @typedef {import("./phrases.js").Phrases} Phrases */

/**
 * @typedef {object} Ghost
 * @property {string} key the recipe as JSON
 * @property {Recipe} recipe without edits that came when it had ended
 * @property {number} last epoch
 * @property {import("./history.js").Lines[]} lines on an even and on a logarithmic axis of epochs
 */

export class Ghosts {
  /** @type {Ghost[]} oldest first */
  runs = [];

  /**
   * Keep a run that ends here; where the same run ended twice, the longer of the two.
   * @param {Recipe} whole @param {import("./history.js").History} history
   */
  keep(whole, history) {
    if (history.last < 1) return;
    const recipe = withEditsBefore(whole, history.last);
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

  /** The runs that differ from those shown now, oldest first. @param {(Recipe | null)[]} recipes */
  beside(...recipes) {
    const keys = recipes.map((recipe) => JSON.stringify(recipe));
    return this.runs.filter((run) => !keys.includes(run.key));
  }
}

/**
 * What was different in an earlier run, for a legend.
 * @param {Recipe} earlier @param {Recipe} recipe of the present run @param {Phrases} phrases
 */
export function difference(earlier, recipe, phrases) {
  const fields = Object.keys(phrases.fields).filter((field) => isNamed(field, earlier, recipe, phrases));
  const found = fields.map((field) => named(field, earlier, recipe, phrases));
  if (differs("weight", earlier, recipe)) found.push(isEdited("weight", earlier) ? "weights set by hand" : "no weights set by hand");
  if (differs("points", earlier, recipe)) found.push(isEdited("points", earlier) ? "points drawn" : "no points drawn");
  const more = found.length - NAMED;
  return (found.slice(0, NAMED).join(", ") || "the same settings") + (more > 0 ? ` and ${more} more` : "");
}

/**
 * Whether a field differs, and not only because of a difference in another field.
 * @param {string} field @param {Recipe} earlier @param {Recipe} recipe @param {Phrases} phrases
 */
export function isNamed(field, earlier, recipe, phrases) {
  const { follows } = phrases.fields[field];
  const isFixed = [earlier, recipe].some((one) => fixedFields(phrases, finalSettings(one)).includes(field));
  return differs(field, earlier, recipe) && !isFixed && !(follows && differs(follows, earlier, recipe));
}

/** @param {string} field @param {Recipe} earlier @param {Recipe} recipe @param {Phrases} phrases */
function named(field, earlier, recipe, phrases) {
  const [value, other] = [earlier, recipe].map((one) => finalSettings(one)[field]);
  const text = described(phrases, field, value) + (phrases.fields[field].compares ? ` instead of ${described(phrases, field, other)}` : "");
  if (isEdited(field, earlier)) return `${text} from epoch ${editsOf(field, earlier).at(-1)?.[0]}`;
  return written(value) === written(other) ? `${text} from the start` : text; // where the present run was changed to it
}

/** Whether a field has another value at any epoch. @param {string} field @param {Recipe} one @param {Recipe} other */
export function differs(field, one, other) {
  const [a, b] = [one, other].map((recipe) => JSON.stringify([recipe[field], editsOf(field, recipe)]));
  return a !== b;
}

/** @param {string} field @param {Recipe} recipe */
export const editsOf = (field, { edits = [] }) => edits.filter(([, name]) => name === field);

/** @param {string} field @param {Recipe} recipe */
export const isEdited = (field, recipe) => editsOf(field, recipe).length > 0;
