/**
 * Runs side by side: a list in the look, of which one is the run itself, the active one. The others
 * are recipes, which the server trains to the epoch shown. Pure but for the names that lists get.
 */

import { finalSettings, startedAgain } from "../run/recipes.js";

/** @typedef {import("../run/recipes.js").Recipe} Recipe */

/** @typedef {{recipe?: Recipe, name?: string}} Companion a run in the list; without a recipe it is the active one */

/**
 * @typedef {object} Seen what is known of a run beside the active one from the server's replies
 * @property {Recipe} recipe
 * @property {import("../plane/scene.js").Scene | null} scene null before its first picture, as below
 * @property {import("../look.js").Net | null} net
 */

/** How many may be side by side; as in `nnviz/recipe/companions.py`. */
export const MOST = 4;
export const MOST_NAME = 40; // characters

/** @param {Companion[]} runs @returns {number} where the active run is */
export const placeOf = (runs) => Math.max(0, runs.findIndex(({ recipe }) => !recipe));

/** What one of them is called: its name, else its number. @param {Companion[]} runs @param {number} place */
export const titleOf = (runs, place) => runs[place].name || `Run ${place + 1}`;

/** The runs beside the active one. @param {Companion[]} runs */
export const othersOf = (runs) => runs.flatMap(({ recipe }) => (recipe ? [recipe] : []));

/**
 * The first run beside the active one that can go on, by their states in the order of the list.
 * @param {Companion[]} runs @param {({diverged: string | null, finished: boolean} | null)[]} states null where unknown
 * @returns {number} its place; -1 where there is none
 */
export function ableOf(runs, states) {
  const others = runs.flatMap(({ recipe }, place) => (recipe ? [place] : []));
  return others.find((_, i) => states[i] && !states[i].diverged && !states[i].finished) ?? -1;
}

/** All recipes, in the order of the list. @param {Companion[]} runs @param {Recipe} active */
export const recipesOf = (runs, active) => runs.map(({ recipe }) => recipe ?? active);

/** With another run at the end, as long as there is room. @param {Companion[]} runs @param {Recipe} recipe @returns {Companion[]} */
export const withRun = (runs, recipe) =>
  (runs.length < MOST ? [...(runs.length ? runs : [{}]), { recipe }] : runs);

/**
 * Without one that is not the active one; alone, that is no comparison any more.
 * @param {Companion[]} runs @param {number} place @returns {Companion[]}
 */
export function withoutRun(runs, place) {
  const left = runs.filter((_, i) => i !== place);
  return left.length > 1 ? left : [];
}

/** @param {Companion[]} runs @param {number} place @param {string} name "" for none @returns {Companion[]} */
export const withName = (runs, place, name) => runs.map((run, i) => (i === place ? { ...run, name } : run));

/**
 * Another one is the active run; each keeps its place.
 * @param {Companion[]} runs @param {number} place of the one that becomes active
 * @param {Recipe} recipe of the one that was
 * @returns {Companion[]}
 */
export const withActive = (runs, place, recipe) =>
  runs.map(({ recipe: own, name }, i) => (i === place ? { name } : { recipe: own ?? recipe, name }));

/**
 * All runs that start as the active one does start anew with another seed.
 * @param {Companion[]} runs @param {number} before @param {number} after the seed
 * @returns {Companion[]}
 */
export const withSeedOf = (runs, before, after) =>
  runs.map((run) => (run.recipe?.seed === before ? { ...run, recipe: startedAgain(run.recipe, { ...finalSettings(run.recipe), seed: after }) } : run));

/** The names of lists, by which replies know theirs. @type {WeakMap<Companion[], string>} */
const keys = new WeakMap();
let named = 0;

/** A name for the list, of which no other has the same; null where none are side by side. @param {Companion[]} runs @returns {string | null} */
export function keyOf(runs) {
  if (!runs.length) return null;
  const key = keys.get(runs) ?? String((named += 1));
  keys.set(runs, key);
  return key;
}

/**
 * What is known of the runs of another list: of those that stay, what it was.
 * @param {Companion[]} runs @param {Seen[]} seen @returns {Seen[]}
 */
export const seenOf = (runs, seen) =>
  othersOf(runs).map((recipe) => seen.find((one) => one.recipe === recipe) ?? { recipe, scene: null, net: null });
