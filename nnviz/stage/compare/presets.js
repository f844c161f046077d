/** Ready-made comparisons: the present run, and others that differ from it in one field. Pure. */

import { fixedFields } from "../run/phrases.js";
import { finalSettings } from "../run/recipes.js";
import { MOST } from "./companions.js";

/** @typedef {import("../run/recipes.js").Recipe} Recipe */
/** @typedef {import("../run/phrases.js").Phrases} Phrases */

/**
 * @typedef {object} Preset
 * @property {string} label
 * @property {string} field
 * @property {(value: unknown, phrases: Phrases) => unknown[]} others values, for a run that has that value
 */

const L2 = 0.01; // beside a run that has none

/**
 * The other values of a field, all of which have names.
 * @param {string} field @param {string[]} [first] those that differ most: there is no room for all
 * @returns {Preset["others"]}
 */
const named = (field, first = []) => (value, { fields }) =>
  [...new Set([...first, ...Object.keys(fields[field].values)])].filter((name) => name !== value && name in fields[field].values);

/** @type {Preset[]} */
export const PRESETS = [
  { label: "Same start, other optimisers", field: "optimiser", others: named("optimiser", ["sgd", "momentum", "rmsprop", "adam"]) },
  { label: "Same start, other activations", field: "activation", others: named("activation") },
  { label: "With and without L2", field: "l2", others: (value) => [value ? 0 : L2] },
];

/** Those that make a difference to a run. @param {Recipe} recipe @param {Phrases} phrases */
export const presetsFor = (recipe, phrases) =>
  PRESETS.filter(({ field }) => !fixedFields(phrases, finalSettings(recipe)).includes(field));

/**
 * The runs of a preset, with the present one first.
 * @param {Preset} preset @param {Recipe} recipe of the present run @param {Phrases} phrases
 * @returns {import("./companions.js").Companion[]}
 */
export function runsOf({ field, others }, recipe, phrases) {
  const values = others(finalSettings(recipe)[field], phrases).slice(0, MOST - 1);
  return [{}, ...values.map((value) => ({ recipe: withField(recipe, field, value) }))];
}

/**
 * The same run with another value from the start on.
 * @param {Recipe} recipe @param {string} field @param {unknown} value @returns {Recipe}
 */
function withField({ edits = [], ...start }, field, value) {
  const kept = edits.filter(([, name]) => name !== field);
  return /** @type {Recipe} */ ({ ...start, [field]: value, ...(kept.length ? { edits: kept } : {}) });
}
