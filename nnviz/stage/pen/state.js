/** The pen: its tool and class, what it has drawn last, and what can be undone. Pure. */

import { pointsOf, sceneDrawn } from "./drawing.js";
import { edited, started } from "../run/changes.js";
import { startedAgain } from "../run/recipes.js";
import { settings, wholeRecipe } from "../run/run-state.js";
import { inParts, marksOf, merged, POINTS, strokeOf, strokesUpTo } from "../run/strokes.js";

/** @typedef {import("../stage-state.js").StageState} StageState */
/** @typedef {import("../run/strokes.js").Mark} Mark */
/** @typedef {"pin" | "pen" | "spray" | "move" | "erase"} Tool */
/** @typedef {{before: string, after: string}} Stroke what its points were, and what they are */

/**
 * @typedef {object} Pen
 * @property {boolean} isOpen whether its tool bar is shown
 * @property {Tool} tool
 * @property {number} label of the class drawn
 * @property {string} held a stroke that is not an edit yet
 * @property {boolean} isDown whether a stroke is being drawn
 * @property {Stroke[]} undo made, the last one last
 * @property {Stroke[]} redo undone, the last one last
 */

/** @type {Pen} */
export const FIRST_PEN = { isOpen: false, tool: "pin", label: 0, held: "", isDown: false, undo: [], redo: [] };

const MOST_UNDONE = 100;

/** The tool in hand: without its tool bar, the plot is only looked at. @param {Pen} pen @returns {Tool} */
export const toolOf = ({ isOpen, tool }) => (isOpen ? tool : "pin");

/** The number of the next point drawn. @param {StageState} state */
export function nextNumber({ scene, run, pen }) {
  if (!scene || !run.recipe) return 0;
  const used = [...strokesUpTo(wholeRecipe(run)), pen.held].flatMap(marksOf).map(({ number }) => number);
  return used.reduce((most, number) => Math.max(most, number + 1), scene.nAtStart);
}

/**
 * Points are set or erased, as a part of the stroke that is being drawn.
 * @param {StageState} state @param {Mark[]} marks @returns {StageState}
 */
export function withMarks(state, marks) {
  const { pen, run } = state;
  if (run.epoch === null || !marks.length) return state; // nothing is shown yet
  const before = strokeBefore(state, marks);
  const after = strokeOf(marks);
  const last = pen.isDown ? pen.undo.at(-1) : undefined;
  const stroke = last ? { before: merged(before, last.before), after: merged(last.after, after) } : { before, after };
  const undo = [...(last ? pen.undo.slice(0, -1) : pen.undo), stroke].slice(-MOST_UNDONE);
  return { ...state, pen: { ...pen, isDown: true, held: merged(pen.held, after), undo, redo: [] } };
}

/** What the points of some marks are now, as a stroke that brings them back. @param {StageState} state @param {Mark[]} marks */
function strokeBefore(state, marks) {
  const scene = sceneDrawn(state);
  const points = new Map(scene ? pointsOf(scene).map((point) => [point.number, point]) : []);
  return strokeOf(marks.map(({ number }) => {
    const point = points.get(number);
    return point ? { number, label: point.label, place: point.place.map((value) => Number(value.toPrecision(7))) } : { number };
  }));
}

/** The pen is in hand where a plane without points is shown, for the first class. @param {Pen} pen @returns {Pen} */
export const taken = (pen) => ({ ...pen, isOpen: true, tool: pen.tool === "pin" ? "pen" : pen.tool, label: 0 });

/**
 * One more class to draw, for which the network needs another output: it starts again.
 * @param {StageState} state @returns {StageState}
 */
export function withClass(state) {
  const { net, scene } = state;
  if (!net || scene?.nAtStart !== 0) return state;
  const { run, pen } = withPenUp(state);
  const n = net.classNames.length;
  const output = net.sizes.at(-1) === 1 ? "softmax" : net.output; // one unit distinguishes two classes only
  const recipe = startedAgain(wholeRecipe(run), { ...settings(run), classes: n + 1, output });
  return { ...state, run: started(run, recipe), pen: { ...pen, label: n } };
}

/** What is held becomes an edit at the epoch shown. @param {StageState} state @returns {StageState} */
export function withHeld(state) {
  const { pen, run } = state;
  if (!pen.held) return state;
  return { ...state, pen: { ...pen, held: "" }, run: edited(run, inParts(pen.held).map((value) => ({ field: POINTS, value }))) };
}

/** The stroke ends. @param {StageState} state @returns {StageState} */
export const withPenUp = (state) => {
  const after = withHeld(state);
  return after.pen.isDown ? { ...after, pen: { ...after.pen, isDown: false } } : after;
};

/** @param {StageState} state @returns {StageState} */
export function undone(state) {
  const after = withPenUp(state);
  const { undo, redo } = after.pen;
  const stroke = undo.at(-1);
  if (!stroke) return after;
  return withHeld({ ...after, pen: { ...after.pen, undo: undo.slice(0, -1), redo: [...redo, stroke], held: stroke.before } });
}

/** @param {StageState} state @returns {StageState} */
export function redone(state) {
  const after = withPenUp(state);
  const { undo, redo } = after.pen;
  const stroke = redo.at(-1);
  if (!stroke) return after;
  return withHeld({ ...after, pen: { ...after.pen, redo: redo.slice(0, -1), undo: [...undo, stroke], held: stroke.after } });
}

/**
 * At another epoch, and in another run, the strokes made before are not what was done last; in another
 * run, what is held has no points that it belongs to.
 * @param {StageState} before @param {StageState} after
 */
export function withPenAt(before, after) {
  const { run, pen } = after;
  const isOther = run.starts !== before.run.starts;
  const isElsewhere = isOther || (run.target !== null && run.target !== before.run.target);
  if (!isElsewhere || (!pen.undo.length && !pen.redo.length && !pen.held)) return after;
  return { ...after, pen: { ...pen, held: isOther ? "" : pen.held, isDown: false, undo: [], redo: [] } };
}
