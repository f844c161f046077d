/** The hint: what the user can do next, and what the network does. Pure. */

import { counted } from "./format.js";

/** @typedef {import("../look.js").Net} Net */

/** @typedef {{number: number, of: number, wrong: boolean}} EpochSample a training sample, counted from 1 in the next epoch; whether it was on the wrong side */

/**
 * @typedef {object} Situation
 * @property {Net} net the network of the run
 * @property {boolean} canBend whether it has hidden layers, and they bend its boundary
 * @property {number} epoch the one shown
 * @property {number | null} [corrections] of a perceptron, up to that epoch
 * @property {EpochSample | null} sample of the last step, in the middle of an epoch
 * @property {string} warning about a hidden layer that hardly learns, or none
 * @property {string} description of the view, where that is not the first one
 * @property {boolean} [isBatchwise] whether it hides what a perceptron learns from each sample
 * @property {boolean} [isProjected] whether a class looks at it, which needs no instructions
 * @property {boolean} isTouch whether the user has a finger and no mouse
 * @property {import("../pen/state.js").Tool} [tool] to draw with
 */

/** How each tool is used, by mouse and keys, and by touch. @type {Object<string, [mouse: string, touch: string]>} */
const TOOLS = {
  pen: [
    "Click or drag in the plot to draw points of the class chosen (keys 1–8). With keys: arrows move the pin, Enter draws there, Delete erases.",
    "Tap or drag in the plot to draw points of the class chosen.",
  ],
  spray: [
    "Hold and drag in the plot to spray points of the class chosen (keys 1–8).",
    "Hold and drag in the plot to spray points of the class chosen.",
  ],
  move: [
    "Drag a point; or click it, then click where it is to go.",
    "Drag a point; or tap it, then tap where it is to go.",
  ],
  erase: ["Click or drag over points to erase them.", "Tap or drag over points to erase them."],
};

const STRAIGHT = ["x₁", "x₂"]; // inputs of which a network that bends nothing has a straight boundary

/** @param {Situation} situation */
export function hintOf(situation) {
  const { description, epoch, isProjected, isTouch, tool = "pin" } = situation;
  if (isProjected) return eventOf(situation) || corrected(situation);
  if (TOOLS[tool]) return TOOLS[tool][isTouch ? 1 : 0];
  return eventOf(situation) || description || `${epoch ? later(situation) : `Press play: ${promise(situation)}`} ${pointing(situation)}`;
}

/** What has just happened in the run, or "". @param {Situation} situation */
function eventOf(situation) {
  const { epoch, sample, corrections, warning } = situation;
  if (!sample) return warning && `⚠ ${warning}`;
  const outcome = sample.wrong ? `it lies on the wrong side, so the ${boundaryOf(situation)} is moved` : "it lies on the right side, so nothing changes";
  return `Sample ${sample.number} of ${sample.of} in epoch ${epoch + 1}: ${outcome}. ${counted(corrections ?? 0, "correction")} so far.`;
}

/** What training will do to the boundary. @param {Situation} situation */
function promise(situation) {
  const { net, canBend } = situation;
  if (canBend) return "the network bends its boundary around the classes.";
  if (net.output === "step") return `the perceptron corrects its ${boundaryOf(situation)} whenever a point lies on the wrong side.`;
  const without = net.sizes.length > 2 ? "without a bend in its activation" : "without a hidden layer";
  if (isStraight(situation)) return `${without} the boundary stays straight: it only turns and shifts.`;
  return `${without} the boundary has only the bends of the inputs.`;
}

/** @param {Situation} situation */
const boundaryOf = (situation) => (isStraight(situation) ? "line" : "boundary");

/** @param {Situation} situation */
const isStraight = ({ net, canBend }) => !canBend && net.inputs.every((name) => STRAIGHT.includes(name));

/** @param {Situation} situation */
function later(situation) {
  const back = "Drag the time line under the plot to go back to any epoch.";
  return [corrected(situation), back].filter(Boolean).join(" ");
}

/** How often a perceptron that has begun was corrected, or "". @param {Situation} situation */
function corrected({ epoch, corrections }) {
  if (!epoch || corrections === null || corrections === undefined) return "";
  return `${counted(corrections, "correction")} so far.`;
}

/** @param {Situation} situation */
function pointing({ net, isBatchwise, isTouch }) {
  if (isBatchwise) return "For one sample at a time, set the batch size to 1.";
  const there = net.output === "step" ? "the output" : "the probabilities";
  return isTouch ? `Tap the plot for ${there} there.` : `Point at the plot for ${there} there; click to pin the point.`;
}
