/**
 * The slow pace: an epoch every quarter of a second, and of a perceptron that learns from one sample
 * at a time every sample. Pure.
 */

import { position, settings } from "./run-state.js";

/** @typedef {import("../stage-state.js").StageState} StageState */

export const SLOW = 0; // the pace in a look
export const BETWEEN = 250; // ms from picture to picture
const LEAST_FRAMES = 60; // of a run up to the epoch where it stops: a second

/** Whether a run that plays goes on sample by sample. @param {Pick<StageState, "look" | "net" | "run">} state */
export function isWalk({ look, net, run }) {
  return look.pace === SLOW && net?.output === "step" && run.recipe !== null && settings(run).batch_size === 1;
}

/** Whether steps from several samples hide what a perceptron that is followed slowly learns from each. @param {Pick<StageState, "look" | "net" | "run">} state */
export const isBatchwise = ({ look, net, run }) => look.pace === SLOW && net?.output === "step" && !isWalk({ look, net, run });

/** Epochs per frame that are requested. @param {StageState} state @returns {number | null} null in a walk */
export function paceOf(state) {
  if (isWalk(state)) return null;
  const { pace, stop_epoch } = state.look;
  const isToStop = stop_epoch !== null && position(state.run) < stop_epoch;
  return Math.max(1, isToStop ? Math.min(pace, Math.ceil(stop_epoch / LEAST_FRAMES)) : pace);
}

/**
 * One sample further, or to the next epoch after the last one.
 * @param {StageState} state @returns {StageState}
 */
export function walkedOn(state) {
  const { run, scene, walked } = state;
  if (!scene || !run.playing || run.steps || !isWalk(state)) return state;
  if (walked < scene.train.labels.length) return { ...state, walked: walked + 1 };
  return { ...state, run: { ...run, steps: 1 } };
}

/** The pace for another network: one sees a perceptron's few epochs one by one. @param {number} pace @param {string | undefined} before its output @param {string} output */
export function paceFor(pace, before, output) {
  if (before === output || (before !== "step" && output !== "step")) return pace;
  if (output === "step") return Math.min(pace, 1);
  return pace <= 1 ? 5 : pace;
}
