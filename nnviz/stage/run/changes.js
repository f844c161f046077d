/** What the user does to a run: start one, go to an epoch, edit it, remove an edit. Pure. */

import { asListed, isRemovedWith, startedAgain, withoutEdit } from "./recipes.js";
import { fitTogether, merged, POINTS } from "./strokes.js";
import { isUnderWay, LONG_REPLAY, NO_MESSAGE, position, recipeOf, settings, wholeRecipe } from "./run-state.js";

/** @typedef {import("./run-state.js").RunState} RunState */
/** @typedef {import("./run-state.js").Recipe} Recipe */

/** @typedef {Omit<import("./recipes.js").Edit, "epoch">} Change an edit at the epoch the user is at */

/**
 * Another run, at its start or at an epoch of it.
 * @param {RunState} run @param {Recipe} recipe @returns {RunState}
 */
export function started(run, recipe, epoch = 0) {
  return {
    ...run,
    recipe,
    edits: [],
    epoch: null,
    target: epoch || null,
    knownEpochs: 0,
    epochsToTrain: 0,
    starts: run.starts + 1,
    replaying: epoch >= LONG_REPLAY ? epoch : null,
    diverged: null,
    finished: false,
    blocked: null,
    message: NO_MESSAGE,
    pictureKey: null,
    probed: null,
    health: null,
    detail: null,
  };
}

/**
 * Paused at an epoch of a recipe with its edits, which may be the present run or another.
 * @param {RunState} run @param {Recipe} recipe @param {number} epoch @returns {RunState}
 */
export function pausedAt(run, recipe, epoch) {
  const isSame = run.recipe && JSON.stringify(recipe) === JSON.stringify(wholeRecipe(run));
  const after = isSame ? movedTo(run, epoch) : started(run, recipe, epoch);
  return { ...after, playing: false, replaying: epoch >= after.knownEpochs + LONG_REPLAY ? epoch : null };
}

/**
 * Going to an epoch whose history is known.
 * @param {RunState} run @param {number} epoch @returns {RunState}
 */
export function movedTo(run, epoch) {
  return { ...run, playing: false, epochsToTrain: 0, diverged: null, finished: false, replaying: null, target: epoch };
}

/**
 * With edits at the epoch the user is at. The last edit is replaced by one of the same field, as
 * while a weight is dragged, unless it is on its way to the server already; strokes become one.
 * @param {RunState} run @param {Change[]} changes @returns {RunState}
 */
export function edited(run, changes) {
  const epoch = position(run);
  let { edits } = run;
  for (const change of changes) {
    const last = edits.at(-1);
    const isStroke = change.field === POINTS;
    const isReplaced = last && !isUnderWay(run, last) && last.epoch === epoch && isSameTarget(last, change)
      && (!isStroke || fitTogether(String(last.value), String(change.value)));
    const value = isReplaced && isStroke ? merged(String(last.value), String(change.value)) : change.value;
    edits = [...(isReplaced ? edits.slice(0, -1) : edits), { ...change, value, epoch }];
  }
  return { ...run, edits };
}

/** @param {Change} one @param {Change} other */
const isSameTarget = (one, other) => one.field === other.field && String(one.at) === String(other.at);

/**
 * Without one of the edits: the epochs after it are trained again. An edit that is not confirmed
 * leaves no trace.
 * @param {RunState} run @param {import("./recipes.js").ListedEdit} edit @returns {RunState}
 */
export function withEditRemoved(run, edit) {
  const recipe = recipeOf(run);
  const edits = run.edits.filter((pending) => !isRemovedWith(edit, asListed(pending)));
  const after = { ...run, edits, target: position(run), health: null, diverged: null, finished: false };
  // the server may have made the edit already: another object of the same recipe opens it again
  const isPending = edits.length < run.edits.length;
  if (isPending && !(edit[1] === POINTS && recipe.edits?.some((other) => isRemovedWith(edit, other)))) return { ...after, recipe: { ...recipe } };
  return { ...after, recipe: withoutEdit(recipe, edit), knownEpochs: Math.min(run.knownEpochs, edit[0]) };
}

/**
 * Epoch 0 again, with the settings and the points as they are now, and the weights set by hand at the start.
 * @param {RunState} run @returns {RunState}
 */
export function reset(run) {
  const first = (recipeOf(run).edits ?? []).filter(([epoch, , , at]) => epoch === 0 && at);
  const edits = run.edits.filter(({ epoch, at }) => epoch === 0 && at);
  return { ...started(run, startedAgain(wholeRecipe(run), settings(run), first)), edits, playing: false };
}

/** A run with the same settings and other initial weights. @param {RunState} run @returns {RunState} */
export function renewed(run) {
  const start = settings(run);
  return started(run, startedAgain(wholeRecipe(run), { ...start, seed: (start.seed + 1) % 2 ** 32 }));
}

/**
 * The same run with another seed, at the epoch the user is at.
 * @param {RunState} run @param {"seed" | "data_seed"} field @param {number} seed @returns {RunState}
 */
export function withSeed(run, field, seed) {
  const recipe = wholeRecipe(run);
  if (recipe[field] === seed) return run;
  return { ...started(run, { ...recipe, [field]: seed }, position(run)), playing: run.playing };
}
