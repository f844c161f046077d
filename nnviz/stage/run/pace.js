/**
 * How many epochs a run trains from frame to frame. At the slow pace it is one epoch every quarter of
 * a second, or one sample where a perceptron learns from one sample at a time. Pure.
 */

import { position, settings } from "./run-state.js";

/** @typedef {import("../stage-state.js").StageState} StageState */

export const SLOW = 0; // the pace in a look
export const BETWEEN = 250; // ms from picture to picture
const LEAST_FRAMES = 60; // of a run up to the epoch where it stops: a second

/** Whether a run that plays goes on sample by sample. @param {Pick<StageState, "look" | "net" | "run">} state */
export function isSamplewise({ look, net, run }) {
  return look.pace === SLOW && net?.output === "step" && run.recipe !== null && settings(run).batch_size === 1;
}

/** Whether a perceptron is followed slowly, but each of its steps is from several samples. @param {Pick<StageState, "look" | "net" | "run">} state */
export const isBatchwise = ({ look, net, run }) => look.pace === SLOW && net?.output === "step" && !isSamplewise({ look, net, run });

/** Epochs per frame that are requested. @param {StageState} state @returns {number | null} null where it goes on sample by sample */
export function paceOf(state) {
  if (isSamplewise(state)) return null;
  const { pace, stop_epoch } = state.look;
  const isToStop = stop_epoch !== null && position(state.run) < stop_epoch;
  return Math.max(1, isToStop ? Math.min(pace, Math.ceil(stop_epoch / LEAST_FRAMES)) : pace);
}

/**
 * Take the training step of one more sample; after the last one, train that epoch.
 * @param {StageState} state @returns {StageState}
 */
export function withNextSample(state) {
  const { run, scene, steps } = state;
  if (!scene || !run.playing || run.epochsToTrain || !isSamplewise(state)) return state;
  if (steps < scene.train.labels.length) return { ...state, steps: steps + 1 };
  return { ...state, run: { ...run, epochsToTrain: 1 } };
}

/** The pace for another network: a perceptron, which needs few epochs, starts with one a frame. @param {number} pace @param {string | undefined} before its output @param {string} output */
export function paceFor(pace, before, output) {
  if (before === output || (before !== "step" && output !== "step")) return pace;
  if (output === "step") return Math.min(pace, 1);
  return pace <= 1 ? 5 : pace;
}
