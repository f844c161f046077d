/** The state of the stage, and its next state for each event. Pure: no DOM, no clock, no socket. */

import { ableOf, keyOf, placeOf, recipesOf, seenOf, titleOf, withActive, withName, withoutRun, withRun, withSeedOf } from "./compare/companions.js";
import { fitted, lookOf, pictureOf } from "./look.js";
import { panelsShown } from "./room.js";
import { FIRST_PAGE, unacknowledged, withPageMessage, withPin, withReport, withSample } from "./host/page-messages.js";
import { hasSamePlane, isSameScene, numbersOf } from "./plane/scene.js";
import { edited, renewed, started } from "./run/changes.js";
import { isSamplewise, paceFor, withNextSample } from "./run/pace.js";
import { refined } from "./run/detail.js";
import { onDrawing, onTable } from "./run/recipes.js";
import { anotherTurn, inTurn, nextRun } from "./run/events.js";
import { FIRST_PEN, redone, taken, undone, withClass, withHeld, withMarks, withPenAt, withPenUp } from "./pen/state.js";
import { FIRST_RUN, isEnded, isRefused, position, settings, wholeRecipe } from "./run/run-state.js";
import { strokesUpTo } from "./run/strokes.js";

/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./look.js").Net} Net */
/** @typedef {import("./look.js").Units} Units */
/** @typedef {import("./look.js").Views} Views */
/** @typedef {import("./plane/scene.js").Scene} Scene */

/**
 * @typedef {object} StageState
 * @property {Views} views to choose from
 * @property {import("./run/run-state.js").RunState} run
 * @property {Look} look
 * @property {import("./room.js").Room} room of the stage
 * @property {number} steps training steps of the next epoch after which the network is shown
 * @property {Partial<Look> | null} pendingLook the look of a link or a file, until its run is open
 * @property {Scene | null} scene of the run that is open
 * @property {Net | null} net of the run that is open
 * @property {import("./run/replies.js").Frame | null} frame the picture shown
 * @property {import("./run/replies.js").ProbeAnswer | null} answer the probabilities at the point of the last request
 * @property {import("./compare/companions.js").Seen[]} beside what is known of the runs beside the active one
 * @property {(import("./run/replies.js").ProbeAnswer | null)[]} besideAnswers their probabilities at that point
 * @property {number[] | null} hovered the point under the cursor
 * @property {Units | null} units
 * @property {import("./host/page-messages.js").Page} page
 * @property {import("./pen/state.js").Pen} pen
 */

/**
 * @typedef {import("./run/events.js").RunEvent
 *   | {type: "begin", recipe: import("./run/recipes.js").Recipe}
 *   | {type: "page", data: import("./host/page-messages.js").PageMessage}
 *   | {type: "look", changes: Partial<Look>}
 *   | {type: "room", room: import("./room.js").Room}
 *   | {type: "nextSample"}
 *   | {type: "hover", point: number[] | null}
 *   | {type: "pin", point: number[] | null}
 *   | {type: "units", units: Units}
 *   | {type: "pick", sample: number}
 *   | {type: "experiment", text: string}
 *   | {type: "renew"}
 *   | {type: "compare", runs?: import("./compare/companions.js").Companion[]}
 *   | {type: "activate", place: number}
 *   | {type: "name", place: number, name: string}
 *   | {type: "dismiss", place: number}
 *   | {type: "pen", changes: Partial<Pick<import("./pen/state.js").Pen, "isOpen" | "tool" | "label">>}
 *   | {type: "draw", marks: import("./run/strokes.js").Mark[]}
 *   | {type: "blank"} | {type: "class"} | {type: "apply"} | {type: "lift"} | {type: "undo"} | {type: "redo"}
 *   | {type: "again", table: string}
 *   | {type: "setting", field: string, value: unknown}
 *   | {type: "weight", at: import("./run/recipes.js").Place, value: number, settled?: boolean}
 * } StageEvent
 */

/** @typedef {import("./store.js").Store<StageState, StageEvent>} StageStore */

/** The state to begin with. @param {Views} views @param {Look} look @returns {StageState} */
export const firstState = (views, look) => ({
  views,
  run: FIRST_RUN,
  look,
  room: "beside",
  steps: 0,
  pendingLook: null,
  scene: null,
  net: null,
  frame: null,
  answer: null,
  beside: [],
  besideAnswers: [],
  hovered: null,
  units: null,
  page: FIRST_PAGE,
  pen: FIRST_PEN,
});

/** The runs side by side, and the name of their list. @param {StageState} state @returns {import("./run/requests.js").Compared | null} */
export function comparedOf({ look }) {
  const key = keyOf(look.beside);
  return key === null ? null : { key, runs: look.beside };
}

/** All runs side by side, in their order; the active one alone where there are no others. @param {StageState} state */
export const runsShown = ({ look, run }) => (run.recipe ? (look.beside.length ? recipesOf(look.beside, wholeRecipe(run)) : [wholeRecipe(run)]) : []);

/** What pictures have to hold. @param {StageState} state */
export const pictureFor = ({ look, room, units, net, views, steps }) => ({
  ...pictureOf(look, units, net, views, panelsShown(look.tab, room)),
  ...(steps ? { steps } : {}),
});

/** The point whose probabilities are shown: hovered, else pinned, else the centre. @param {StageState} state */
export function pointOf({ hovered, look, scene }) {
  return hovered ?? look.probe ?? scene?.extent.map(([low, high]) => (low + high) / 2) ?? null;
}

/** @type {{[Type in StageEvent["type"]]?: (state: StageState, event: Extract<StageEvent, {type: Type}>) => StageState}} */
const STAGE_EVENTS = {
  /** The run of the page's link, before the first message of the page. */
  begin: (state, { recipe }) => ({ ...state, run: started(state.run, recipe) }),

  page: (state, { data }) => withPageMessage(state, data),

  look(state, { changes }) {
    const look = { ...state.look, ...changes };
    return { ...state, look, run: look.pace === state.look.pace ? state.run : anotherTurn(state.run) };
  },

  room: (state, { room }) => (room === state.room ? state : { ...state, room }),

  /** Runs side by side: those of a preset, or a copy of the active one beside those that are there. */
  compare(state, { runs }) {
    if (!state.run.recipe) return state;
    return withRuns(state, runs ?? withRun(state.look.beside, { ...wholeRecipe(state.run) }));
  },

  /** Another of them is the active run, at the same epoch. */
  activate: (state, { place }) => activated(state, place),

  name: (state, { place, name }) => withRuns(state, withName(state.look.beside, place, name)),

  /** One of them is shown no more; where it is the active one, its neighbour takes its part first. */
  dismiss(state, { place }) {
    const { beside } = state.look;
    const isActive = !beside[place]?.recipe;
    const after = isActive ? activated(state, place ? place - 1 : 1) : state;
    return withRuns(after, withoutRun(after.look.beside, place));
  },

  /** Other initial weights, for all runs that had the same. */
  renew(state) {
    const { seed } = settings(state.run);
    const run = renewed(state.run);
    return { ...withRuns(state, withSeedOf(state.look.beside, seed, settings(run).seed)), run };
  },

  /** Where the active run has ended and another has not, that one becomes the active one. */
  play: (state, event) => goingOn(state, event),
  step: (state, event) => goingOn(state, event),

  nextSample: withNextSample,

  hover: (state, { point }) => ({ ...state, hovered: point }),

  /** A point is pinned or unpinned; its probabilities are shown until the cursor moves on. */
  pin: (state, { point }) => withPin(state, point),

  units: (state, { units }) => ({ ...state, units }),

  /** A training point is picked, by its number. */
  pick: (state, { sample }) => withSample(state, sample),

  /** A file was opened on the stage. */
  experiment: (state, { text }) => ({
    ...state, page: { ...state.page, experiment: { number: state.page.number + 1, text } },
  }),

  pen: (state, { changes }) => withPenUp({ ...state, pen: { ...state.pen, ...changes } }),

  /** Points are set or erased; they become an edit when that is next applied, and the stroke ends when the pen is lifted. */
  draw: (state, { marks }) => withMarks(state, marks),
  apply: withHeld,
  lift: withPenUp,
  /** A plane without points, to draw on. */
  blank: (state) => (state.run.recipe ? { ...state, pen: taken(state.pen), run: started(state.run, onDrawing(settings(state.run))) } : state),
  class: withClass,
  /** A run with the same settings, of which the points are the data set. */
  again: (state, { table }) => ({ ...state, run: started(state.run, onTable(settings(state.run), table)) }),

  undo: undone,
  redo: redone,

  /** A setting is changed by a dial, at the epoch the user is at. */
  setting(state, { field, value }) {
    const { run } = state;
    if (!run.recipe || settings(run)[field] === value) return state;
    return { ...state, run: edited(run, [{ field, value }]) };
  },

  /** A weight is typed or dragged; a drag pauses the run, so that not every epoch gets an edit. */
  weight(state, { at, value, settled = true }) {
    const { run, page } = state;
    if (run.epoch === null) return state; // a weight of the network before
    const after = settled ? run : { ...run, playing: false };
    return { ...state, page: { ...page, isDragging: !settled }, run: edited(after, [{ field: "weight", value, at }]) };
  },

  reply: withReply,

  disconnected: (state, event) => withRunEvent({ ...state, page: unacknowledged(state.page) }, event),
};

/** @param {StageState} state @param {StageEvent} event @returns {StageState} */
export function next(state, event) {
  const change = /** @type {((state: StageState, event: StageEvent) => StageState) | undefined} */ (
    Object.hasOwn(STAGE_EVENTS, event.type) ? STAGE_EVENTS[event.type] : undefined
  );
  const changed = change ? change(state, event) : withRunEvent(state, event);
  if (changed === state) return state;
  const after = withPenAt(state, withSteps(state, { ...changed, run: inTurn(state.run, changed.run) }));
  // what was being dragged in another run's diagram is gone with that
  const isOther = after.run.starts !== state.run.starts;
  const undragged = isOther ? { ...after, page: { ...after.page, isDragging: false } } : after;
  return withReport(withSeen(state, withPendingLook(undragged)));
}

/** @param {StageState} state @param {import("./compare/companions.js").Companion[]} beside @returns {StageState} */
const withRuns = (state, beside) => ({ ...state, look: { ...state.look, beside } });

/**
 * Replies know their run by its recipe, an object: what becomes another run is another object.
 * @param {StageState} state @param {number} place of the run that becomes the active one @returns {StageState}
 */
function activated(state, place) {
  const { run, look } = state;
  const chosen = look.beside[place]?.recipe;
  if (!chosen) return state;
  const next = { ...started(run, { ...chosen }, position(run)), playing: run.playing };
  const before = { ...wholeRecipe(run) };
  const beside = [...state.beside, { recipe: before, scene: state.scene, net: state.net }];
  return withRuns({ ...state, run: next, beside }, withActive(look.beside, place, before));
}

/**
 * If the active run cannot go on and another one can, the other one becomes the active run.
 * @param {StageState} state @param {{beside?: import("./run/replies.js").BesideHeader} | null} frame the picture shown
 * @returns {StageState}
 */
function handedOn(state, frame) {
  const { run, look: { beside: runs } } = state;
  if (!isEnded(run) || run.edits.length || frame?.beside?.key !== keyOf(runs)) return state;
  const place = ableOf(runs, frame.beside.runs);
  if (place < 0) return state;
  const [ended, able] = [titleOf(runs, placeOf(runs)), titleOf(runs, place)];
  const after = activated(state, place);
  const text = `${ended} ${run.diverged ? "has diverged" : "has ended"} at epoch ${position(run)}. ${able} goes on and is the active run now.`;
  return { ...after, run: { ...after.run, message: { text, kind: "note" } } };
}

/** @param {StageState} state @param {StageEvent} event which has a run go on @returns {StageState} */
function goingOn(state, event) {
  const able = handedOn(state, state.frame);
  const after = withRunEvent(able, event);
  return able === state ? after : { ...after, run: { ...after.run, message: able.run.message } };
}

/** Of runs that stay side by side, what is known of them stays too. @param {StageState} before @param {StageState} after @returns {StageState} */
function withSeen(before, after) {
  const { beside } = after.look;
  if (beside === before.look.beside) return after;
  return { ...after, beside: seenOf(beside, after.beside), besideAnswers: [] };
}

/** Steps of the next epoch count only while the run stays where it is, and goes on sample by sample. @param {StageState} before @param {StageState} after */
function withSteps(before, after) {
  const { run } = after;
  const isThere = run.epoch === before.run.epoch && run.starts === before.run.starts && run.target === null && !run.edits.length;
  return !after.steps || (isThere && isSamplewise(after)) ? after : { ...after, steps: 0 };
}

/** @param {StageState} state @param {StageEvent} event @returns {StageState} */
function withRunEvent(state, event) {
  const run = nextRun(state.run, event);
  return run === state.run ? state : { ...state, run };
}

/**
 * A reply of the server: the run, and what there is to show of it.
 * @param {StageState} state @param {import("./run/replies.js").ReplyEvent} event @returns {StageState}
 */
function withReply(state, event) {
  const { header, arrays, scene, net, points } = event;
  const after = withBesideSeen(withRunEvent(state, event), event);
  if (after === state) return state; // from an earlier connection
  if (state.run.sent[0]?.recipe !== state.run.recipe) return after; // of a run that is not the present one
  if (header.type === "error") return isRefused(after.run) ? { ...after, pendingLook: null } : after;
  if (header.type === "exported" || header.type === "dropped" || header.type === "compared") return after;
  if (header.type === "detail") return withDetail(after);
  const isPictured = after.run.pictures > state.run.pictures;
  const opened = scene && net ? withScene(after, isPictured ? scene : asShown(scene, state.scene), net) : after;
  const shown = isPictured && header.type === "frame" ? withPoints(opened, state.run.sent[0], points) : opened;
  const replied = {
    ...shown,
    frame: isPictured ? frameOf(header, arrays) : shown.frame,
    answer: header.probe && header.epoch === shown.run.epoch ? header.probe : shown.answer,
    besideAnswers: header.besideProbes && header.epoch === shown.run.epoch ? header.besideProbes : shown.besideAnswers,
  };
  const isStopped = state.run.playing && !replied.run.playing;
  if (!isStopped || !isPictured || header.type !== "frame") return replied;
  const other = handedOn(replied, header);
  if (other === replied) return replied;
  return { ...other, frame: state.frame, scene: state.scene, run: { ...other.run, playing: true } }; // the next picture is of the other run
}

/**
 * Runs side by side that a reply describes for the first time, and points that have changed.
 * @param {StageState} state @param {import("./run/replies.js").ReplyEvent} event @returns {StageState}
 */
function withBesideSeen(state, { runs }) {
  if (!runs || runs.key !== keyOf(state.look.beside)) return state;
  const isNew = runs.seen.some((one) => one.scene || one.points);
  if (!isNew) return state;
  const beside = state.beside.map((before, i) => {
    const { scene, net, points } = runs.seen[i] ?? {};
    if (scene && net) return { ...before, scene, net };
    return points && before.scene ? { ...before, scene: { ...before.scene, ...points } } : before;
  });
  return { ...state, beside };
}

/**
 * A run that is opened again keeps the points of the picture shown, which is of a later epoch.
 * @param {Scene} scene at epoch 0 @param {Scene | null} shown
 */
const asShown = (scene, shown) => (shown && hasSamePlane(scene, shown) ? shown : scene);

/**
 * The points of the picture: those that came with it, or those that its request named.
 * @param {StageState} state @param {import("./run/run-state.js").Sent} sent
 * @param {import("./plane/scene.js").Points | undefined} points @returns {StageState}
 */
function withPoints(state, sent, points) {
  const { scene } = state;
  const { train, test, data } = points ?? sent.scene ?? { data: scene?.data };
  if (!scene || !train || !test || data === undefined || data === scene.data) return state;
  return withPickedPoint({ ...state, scene: { ...scene, train, test, data } }, scene);
}

/**
 * The training point that is picked stays so where others are drawn or erased, and where it is moved.
 * @param {StageState} state @param {Scene} before @returns {StageState}
 */
function withPickedPoint(state, before) {
  const { scene, page } = state;
  if (page.sample === null || !scene) return state;
  const number = numbersOf(before)[page.sample];
  const sample = numbersOf(scene).indexOf(number);
  return sample < 0 ? { ...state, page: { ...page, sample: null } } : withSample(state, sample);
}

/** The finer picture in place of the one shown, once it is whole. @param {StageState} state @returns {StageState} */
function withDetail(state) {
  const frame = refined(state.run, state.frame);
  const { run } = state;
  if (frame === state.frame || !run.detail) return state;
  return { ...state, frame, run: { ...run, detail: { ...run.detail, pieces: [] } } };
}

/**
 * The picture that a reply holds.
 * @param {import("./run/replies.js").FrameHeader | import("./run/replies.js").OpenedHeader} header
 * @param {import("./run/replies.js").Arrays} arrays
 */
const frameOf = (header, arrays) => /** @type {import("./run/replies.js").Frame} */ ({ ...header, ...arrays });

/**
 * The data and the network of the run that was opened; a pin in another plane is removed.
 * @param {StageState} state @param {Scene} scene @param {Net} net @returns {StageState}
 */
function withScene(state, scene, net) {
  const before = state.scene;
  const pace = paceFor(state.look.pace, state.net?.output, net.output);
  const look = { ...fitted(state.look, net, state.views), unit: null, pace }; // the diagram names the unit again
  const isBlank = scene.nAtStart === 0 && before?.nAtStart !== 0 && !strokesUpTo(wholeRecipe(state.run)).length;
  const pen = isBlank ? taken(state.pen) : state.pen;
  const after = { ...state, net, look, pen, scene: before && isSameScene(before, scene) ? before : scene };
  if (before && JSON.stringify(before.extent) === JSON.stringify(scene.extent)) return after;
  const { follows, sample } = state.page;
  const moved = { ...after, hovered: null, look: { ...look, probe: before ? null : look.probe } };
  return follows && !moved.look.probe ? withSample(moved, sample ?? 0) : moved;
}

/** The look of a link belongs to its run, and waits until that is open. @param {StageState} state @returns {StageState} */
function withPendingLook(state) {
  const { pendingLook, run, net } = state;
  if (!pendingLook || !net || !run.recipe || run.server.recipe !== run.recipe) return state;
  const look = fitted(lookOf({ ...state.look, ...pendingLook }), net, state.views);
  return { ...(look.probe ? withPin(state, look.probe) : state), pendingLook: null, look };
}
