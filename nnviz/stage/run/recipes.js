/** Recipes on the stage: the settings in force at their end, their edits, and their differences. */

import { merged, ofClasses, POINTS, strokesUpTo } from "./strokes.js";

/** @typedef {[matrix: number, row: number, column: number]} Place of one weight; row 0 is the bias */

/**
 * @typedef {object} Edit a change in the middle of a run, see `nnviz/recipe/edits.py`
 * @property {number} epoch from which on it counts
 * @property {string} field a live field of the recipe, "weight", or "points", whose value is a stroke
 * @property {unknown} value
 * @property {Place} [at] of a weight
 */

/** @typedef {[epoch: number, field: string, value: unknown, at?: Place]} ListedEdit an edit in a recipe */

/** @typedef {{seed: number, activation: string, output: string, standardise: boolean} & Object<string, unknown>} Settings a recipe's fields without its edits */

/** @typedef {Settings & {edits?: ListedEdit[]}} Recipe as in JSON, see `nnviz/recipe/recipe.py` */

/**
 * The settings in force at the end of a recipe, which the sidebar shows.
 * @param {Recipe} recipe @returns {Settings}
 */
export function finalSettings({ edits = [], ...start }) {
  const settings = /** @type {Settings} */ (start);
  for (const [, field, value] of edits.filter(isSetting)) settings[field] = value;
  return settings;
}

/** Whether an edit changes a setting, and neither a weight nor points. @param {ListedEdit} edit */
const isSetting = ([, field, , at]) => !at && field !== POINTS;

/**
 * The fields in which the settings of two recipes differ.
 * @param {Recipe} one @param {Recipe} other @returns {string[]}
 */
export function differences(one, other) {
  const [a, b] = [finalSettings(one), finalSettings(other)];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
}

/**
 * The settings that edits after an epoch change.
 * @param {Recipe} recipe @param {number} epoch @returns {string[]}
 */
export function laterFields({ edits = [] }, epoch) {
  return [...new Set(edits.filter((edit) => edit[0] > epoch && isSetting(edit)).map(([, field]) => field))];
}

/**
 * The recipe up to an edit, then the edit; later edits are dropped. As `Recipe.with_edit`.
 * @param {Recipe} recipe @param {Edit} edit @returns {Recipe}
 */
export function withEdit({ edits = [], ...start }, { epoch, field, value, at }) {
  const settings = /** @type {Settings} */ (start);
  /** @param {ListedEdit} edit */
  const isReplaced = ([when, what, , place]) => when === epoch && what === field && String(place) === String(at);
  const kept = edits.filter((edit) => edit[0] <= epoch && !isReplaced(edit));
  const edit = asListed({ epoch, field, value, at });
  if (field === POINTS) edit[2] = merged(...edits.filter(isReplaced).map(([, , stroke]) => String(stroke)), String(value));
  if (epoch === 0 && isSetting(edit)) return withEdits({ ...settings, [field]: value }, kept);
  return withEdits(settings, [...kept, edit]);
}

/**
 * The same, but the settings at the end stay as the sidebar shows them: what later edits had set is
 * set again together with the edit.
 * @param {Recipe} recipe @param {Edit} edit @returns {Recipe}
 */
export const withEditKeepingSettings = (recipe, edit) => [edit, ...repeatedEdits(recipe, edit)].reduce(withEdit, recipe);

/**
 * The edits, at the same epoch, that set again what an edit would drop.
 * @param {Recipe} recipe @param {Edit} edit @returns {Edit[]}
 */
export function repeatedEdits(recipe, { epoch, field, at }) {
  const settings = finalSettings(recipe);
  const dropped = laterFields(recipe, epoch).filter((name) => at || name !== field); // points are as they were then
  return dropped.map((name) => ({ epoch, field: name, value: settings[name] }));
}

/**
 * The recipe for another start: points drawn by its end are there from epoch 0 on, but those of
 * classes that a drawing has no more.
 * @param {Recipe} recipe its edits, of which nothing else is kept
 * @param {Settings} settings to start with @param {ListedEdit[]} [others] edits at epoch 0
 * @returns {Recipe}
 */
export function startedAgain(recipe, settings, others = []) {
  const drawn = merged(...strokesUpTo(recipe));
  const classes = Number(settings.classes);
  const stroke = classes < Number(recipe.classes) ? ofClasses(drawn, classes) : drawn;
  return withEdits(settings, stroke ? [...others, [0, POINTS, stroke]] : others);
}

/**
 * The settings with the user's own data.
 * @param {Settings} settings @param {string} table see `nnviz/recipe/table.py` @returns {Settings}
 */
export const onTable = ({ features: _, ...settings }, table) => /** @type {Settings} */ ({ ...settings, data: table }); // its axes are all that it has

/**
 * The settings with a plane without points, of two classes at first; see `nnviz/choices/datasets.py`.
 * @param {Settings} settings @returns {Settings}
 */
export const onDrawing = ({ features: _, ...settings }) => /** @type {Settings} */ ({ ...settings, data: "drawing", classes: 2 });

/** @param {Edit} edit @returns {ListedEdit} */
export const asListed = ({ epoch, field, value, at }) => (at ? [epoch, field, value, at] : [epoch, field, value]);

/** Whether an edit goes with one that is removed: the same, or strokes of one epoch. @param {ListedEdit} edit @param {ListedEdit} other */
export const isRemovedWith = (edit, other) =>
  (edit[1] === POINTS ? other[1] === POINTS && other[0] === edit[0] : JSON.stringify(other) === JSON.stringify(edit));

/** @param {Recipe} recipe @param {ListedEdit} edit one of its own @returns {Recipe} the recipe without it */
export function withoutEdit({ edits = [], ...start }, edit) {
  return withEdits(/** @type {Settings} */ (start), edits.filter((other) => !isRemovedWith(edit, other)));
}

/**
 * The recipe without the edits at an epoch and after it: what a run trained up to there knows of it.
 * @param {Recipe} recipe @param {number} epoch @returns {Recipe}
 */
export function withEditsBefore({ edits = [], ...start }, epoch) {
  return withEdits(/** @type {Settings} */ (start), edits.filter(([when]) => when < epoch));
}

/**
 * A recipe has `edits` only where there are some, as the server writes it.
 * @param {Settings} start @param {ListedEdit[]} edits @returns {Recipe}
 */
const withEdits = (start, edits) => (edits.length ? { ...start, edits } : start);
