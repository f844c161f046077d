/** The next state of a run, for each event. Pure. */

import { movedTo, reset, withEditRemoved, withSeed } from "./changes.js";
import { rested } from "./detail.js";
import { replied } from "./replies.js";
import { endOf, isEnded, NO_MESSAGE, NOTHING_OPEN, problem } from "./run-state.js";

/** @typedef {import("./run-state.js").RunState} RunState */

/**
 * @typedef {{type: "play", warning?: string}
 *   | {type: "pause"} | {type: "step"} | {type: "reset"}
 *   | {type: "start", field: "seed" | "data_seed", seed: number}
 *   | {type: "go", epoch: number}
 *   | {type: "remove", edit: import("./recipes.js").ListedEdit}
 *   | {type: "message", text: string, kind: "note" | "problem"}
 *   | {type: "rest", size: [columns: number, rows: number]}
 *   | {type: "connected"} | {type: "disconnected", why: string}
 *   | {type: "sent", sent: import("./run-state.js").Sent}
 *   | import("./replies.js").ReplyEvent
 * } RunEvent
 */

/** @type {{[Type in RunEvent["type"]]: (run: RunState, event: Extract<RunEvent, {type: Type}>) => RunState}} */
const RUN_EVENTS = {
  // --- what the user does ---------------------------------------------------------------------

  play: (run, { warning = "" }) => (isEnded(run) ? atEnd(run) : { ...run, playing: true, message: problem(warning) }),

  pause: (run) => ({ ...run, playing: false }),

  step: (run) => (isEnded(run) ? atEnd(run) : { ...run, playing: false, epochsToTrain: run.epochsToTrain + 1 }),

  go: (run, { epoch }) => movedTo(run, epoch),

  remove: (run, { edit }) => withEditRemoved(run, edit),

  reset: (run) => reset(run),

  /** One of many starts. */
  start: (run, { field, seed }) => withSeed(run, field, seed),

  message: (run, { text, kind }) => ({ ...run, message: { text, kind } }),

  // --- the display ----------------------------------------------------------------------------

  rest: (run, { size }) => rested(run, size),

  // --- the connection to the server -------------------------------------------------------

  connected: (run) => ({ ...run, connected: true }),

  disconnected: (run, { why }) => ({
    ...run, connected: false, online: false, server: NOTHING_OPEN, sent: [], onTheWay: null,
    message: NO_MESSAGE, offline: why,
  }),

  sent(run, { sent }) {
    const turn = sent.exported ? run.turn + 1 : run.turn; // the export is of the epoch shown, and the run goes on from there
    const { op, key } = sent.request;
    const server = op === "compare" ? { ...run.server, compared: key } : run.server; // if it refuses, it is not asked again
    return { ...run, sent: [...run.sent, sent], requests: sent.id, turn, server };
  },

  reply: replied,
};

/** The run cannot go on; the reason is shown. @param {RunState} run @returns {RunState} */
const atEnd = (run) => ({ ...run, message: endOf(run) });

/**
 * @param {RunState} run @param {{type: string}} event
 * @returns {RunState} the same where the event is not one of a run
 */
export function nextRun(run, event) {
  return isRunEvent(event) ? apply(run, event) : run;
}

/** @param {{type: string}} event @returns {event is RunEvent} */
const isRunEvent = (event) => Object.hasOwn(RUN_EVENTS, event.type);

/** @param {RunState} run @param {RunEvent} event @returns {RunState} */
function apply(run, event) {
  const change = /** @type {(run: RunState, event: RunEvent) => RunState} */ (RUN_EVENTS[event.type]);
  return change(run, event);
}

/**
 * Begin another turn if frames requested to follow the epoch shown are not to be shown any more.
 * @param {RunState} before @param {RunState} after @returns {RunState}
 */
export function inTurn(before, after) {
  const isPaused = before.playing && !after.playing;
  const isElsewhere = after.target !== null && after.target !== before.target;
  const isEdited = after.edits !== before.edits && after.edits.length > 0;
  const isOther = isPaused || isElsewhere || isEdited || after.starts !== before.starts;
  return isOther ? anotherTurn(after) : after;
}

/** What is under way is not wanted any more. @param {RunState} run @returns {RunState} */
export const anotherTurn = (run) => ({ ...run, turn: run.turn + 1, onTheWay: null });
