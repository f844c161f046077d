/** The stage's one state, and what each event makes of it. Pure: no DOM, no clock, no socket. */

import { fitted, lookOf, pictureOf } from "./look.js";
import { FIRST_PAGE, heardOfPage, unheard, withReport, withSample } from "./host/page-state.js";
import { edited, FIRST_RUN, nextRun } from "./run/run-state.js";
import { isSameScene } from "./plane/scene.js";

/**
 * @typedef {object} State
 * @property {import("./look.js").Views} views that there are
 * @property {import("./run/run-state.js").Run} run
 * @property {import("./look.js").Look} look what is looked at
 * @property {object?} asked the look of a link or a file whose run is not open yet
 * @property {object?} scene data of the run that is open: features, classes, extent, points
 * @property {import("./look.js").Net?} net the network of the run that is open
 * @property {object?} frame the picture shown
 * @property {object?} answer the probabilities at the point asked about
 * @property {number[]?} hovered the point under the cursor
 * @property {object?} units which units the panels show: `{sizes, network?, space?}`
 * @property {import("./host/page-state.js").Page} page
 */

/** @param {import("./look.js").Views} views @param {import("./look.js").Look} look @returns {State} to begin with */
export const firstState = (views, look) => ({
  views,
  run: FIRST_RUN,
  look,
  asked: null,
  scene: null,
  net: null,
  frame: null,
  answer: null,
  hovered: null,
  units: null,
  page: FIRST_PAGE,
});

/** What pictures have to hold. @param {State} state */
export const pictureFor = ({ look, units, net, views }) => pictureOf(look, units, net, views);

/** The point whose probabilities are shown: hovered, else pinned, else the centre. @param {State} state */
export function pointOf({ hovered, look, scene }) {
  return hovered ?? look.probe ?? scene?.extent.map(([low, high]) => (low + high) / 2) ?? null;
}

const EVENTS = {
  page: (state, { data }) => heardOfPage(state, data),

  /** @param {{changes: Partial<import("./look.js").Look>}} event */
  look: (state, { changes }) => ({ ...state, look: { ...state.look, ...changes } }),

  hover: (state, { point }) => ({ ...state, hovered: point }),

  /** A point is pinned, or none any more: that is the one looked at until the cursor moves on. */
  pin: (state, { point }) => ({ ...state, hovered: null, look: { ...state.look, probe: point } }),

  units: (state, { units }) => ({ ...state, units }),

  /** A training point is picked, by its number. */
  pick: (state, { sample }) => withSample(state, sample),

  /** A file was opened on the stage. */
  experiment: (state, { text }) => ({
    ...state, page: { ...state.page, experiment: { number: state.page.number + 1, text } },
  }),

  /**
   * A weight typed, or dragged: then the run pauses, else every epoch of the drag had its edit.
   * `at` is matrix, row and column; row 0 is the bias.
   */
  weight(state, { at, value, settled = true }) {
    const { run, page } = state;
    if (run.epoch === null) return state; // a weight of the network before
    const still = settled ? run : { ...run, playing: false };
    return { ...state, page: { ...page, held: !settled }, run: edited(still, [{ field: "weight", value, at }]) };
  },

  reply: heardOfServer,

  disconnected: (state, event) => withRun({ ...state, page: unheard(state.page) }, event),
};

/** @param {State} state @param {object} event @returns {State} */
export function next(state, event) {
  const after = Object.hasOwn(EVENTS, event.type) ? EVENTS[event.type](state, event) : withRun(state, event);
  if (after === state) return state;
  // what was being dragged in another run's diagram is gone with that
  const isOther = after.run.starts !== state.run.starts;
  return withReport(withAsked(isOther ? { ...after, page: { ...after.page, held: false } } : after));
}

function withRun(state, event) {
  const run = nextRun(state.run, event);
  return run === state.run ? state : { ...state, run };
}

/** An answer of the server: the run, and what there is to show of it. */
function heardOfServer(state, event) {
  const { header, scene, net, frame } = event;
  const there = withRun(state, event);
  if (there === state) return state; // of a connection that is gone
  if (state.run.sent.recipe !== state.run.recipe) return there; // of a run that is no more
  if (header.type === "error") return there.run.refused === there.run.recipe ? { ...there, asked: null } : there;
  const known = header.type === "opened" ? withScene(there, scene, net) : there;
  return {
    ...known,
    frame: known.run.unpainted ? frame : known.frame, // nothing is asked for while a picture waits
    answer: header.probe ?? known.answer,
  };
}

/** The data and the network of the run that was opened; a pin in another plane is let go. */
function withScene(state, scene, net) {
  const before = state.scene;
  const look = { ...fitted(state.look, net, state.views), unit: null }; // the diagram names the unit anew
  const there = { ...state, net, look, scene: before && isSameScene(before, scene) ? before : scene };
  if (before && JSON.stringify(before.extent) === JSON.stringify(scene.extent)) return there;
  const { follows, sample } = state.page;
  const moved = { ...there, hovered: null, look: { ...look, probe: before ? null : look.probe } };
  return follows ? withSample(moved, sample ?? 0) : moved;
}

/** The look of a link is that of its run, and waits until that is open. */
function withAsked(state) {
  const { asked, run, net } = state;
  if (!asked || !run.recipe || run.server.recipe !== run.recipe) return state;
  return { ...state, asked: null, look: fitted(lookOf(asked), net, state.views) };
}
