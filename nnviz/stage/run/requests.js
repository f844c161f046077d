/** The next request to the server, or none if there is nothing to do. Pure. */

import { isIncomplete } from "./detail.js";
import { goal, isUnderWay, position } from "./run-state.js";

/** @typedef {import("./run-state.js").RunState} RunState */
/** @typedef {import("./recipes.js").Edit} Edit */
/** @typedef {import("../export/queue.js").ExportRequest} ExportRequest */

/**
 * @typedef {object} PictureFields what a picture is to hold besides field and boundary, see `nnviz/live/requests.py`
 * @property {number} [threshold]
 * @property {boolean} [predicted]
 * @property {[number, number]} [unit]
 * @property {[first: number, count: number][]} [network]
 * @property {number[]} [space]
 * @property {number} [starts] how many runs with other seeds
 * @property {string} [varied] the seed in which they differ
 * @property {number} [steps] training steps of the next epoch
 * @property {string} [compared] the name of the list of runs side by side
 */

/** @typedef {{key: string, runs: import("../compare/companions.js").Companion[]}} Compared runs side by side, and the name of their list */

/**
 * @typedef {object} OperationFields
 * @property {number} id comes back with the reply
 * @property {"open" | "frame" | "seek" | "edit" | "compare" | "detail" | "export"} op
 * @property {import("./recipes.js").Recipe} [recipe] to open
 * @property {number} [epochs] to train
 * @property {number} [epoch] to go to, before anything else
 * @property {boolean} [onward] no picture where the run is at that epoch before
 * @property {string} [field] of an edit
 * @property {unknown} [value]
 * @property {import("./recipes.js").Place} [at]
 * @property {number | null} [since] the first epoch whose history row is wanted; null for those trained by this request
 * @property {string} [data] the name of the points that are known
 * @property {number[] | null} [probe] a point whose probabilities are wanted
 * @property {boolean} [health] whether a warning about the hidden layers is wanted
 * @property {boolean} [picture] false where none is wanted
 * @property {[columns: number, rows: number]} [size] of the grid of a detail
 * @property {number} [first] row of a detail
 * @property {string} [what] to export
 * @property {string} [key] the name of a list of runs side by side
 * @property {import("../compare/companions.js").Companion[]} [beside] that list
 * @property {[data: string | null, since: number][]} [known] of each of them: its points, and the epochs of its history
 */

/** @typedef {OperationFields & PictureFields} Request */

/** @typedef {Omit<Request, "id">} RequestBody a request without its number */

/** The server's epoch where that is beyond the one shown, by frames of this turn. */
const AHEAD = "ahead";

/**
 * It always follows from what the user wants and what the server will have when all that is under way is
 * done. Requests do not wait for replies: each of those that follow on the same run takes one of the
 * `window`, which bounds how far the server goes ahead. A request with an `epoch` sets the epoch of the run,
 * and makes the server drop frames and seeks that wait before it.
 *
 * @param {RunState} run
 * @param {PictureFields} picture
 * @param {number | null} pace epochs per frame; null where the run goes on by single steps
 * @param {number[] | null} probe the point whose probabilities are shown
 * @param {number} window how many requests of one kind may be under way
 * @param {ExportRequest} [exported] what is to be exported of this very moment
 * @param {Compared | null} [compared] runs side by side with this one
 * @returns {Omit<import("./run-state.js").Sent, "turn"> | null}
 */
export function nextRequest(run, picture, pace, probe, window, exported, compared = null) {
  const { recipe, target } = run;
  if (!run.connected || !recipe || run.sent.some(({ request }) => request.op === "open")) return null;
  const id = run.requests + 1;
  const wanted = JSON.stringify(picture) === run.blocked ? {} : picture;
  const [edit, ...laterEdits] = run.edits;
  const since = edit ? Math.min(run.knownEpochs, edit.epoch + 1) : run.knownEpochs; // what follows an edit is another history
  /** @param {RequestBody} body @param {PictureFields} fields */
  const request = (body, fields = wanted) => ({
    id, recipe, pictureKey: JSON.stringify(fields), request: { id, since, probe, ...fields, ...body },
  });

  if (run.server.recipe !== recipe) {
    const place = compared ? position(run) : 0; // it may have been side by side with the run before
    return run.refused === recipe ? null : request({ op: "open", recipe, since: 0, ...(place ? { epoch: place } : {}) }, {});
  }
  if (compared && run.server.compared !== compared.key) {
    return { ...request({ op: "compare" }), request: { id, op: "compare", key: compared.key, beside: compared.runs } };
  }
  const { epoch, shown, pictureKey, probed, examined, seeks, frames, looks, exports } = expected(run);
  if (run.onTheWay === goal(run)) {
    return seeks < window ? request({ op: "seek", epoch: run.onTheWay, onward: true, ...(target === run.onTheWay ? {} : { picture: false }) }) : null;
  }
  if (edit && !isUnderWay(run, edit)) return { ...request(editBody(run, edit)), edit };
  if (laterEdits.length) return null; // they follow on the reply
  const place = position(run);
  if (target !== null) return shown === target || seeks >= window ? null : request({ op: "seek", epoch: target });
  const there = epoch === place ? {} : { epoch: place };
  const onwards = epoch === AHEAD ? { since: null } : there;
  const isPlaying = run.playing && pace !== null;
  if (run.epochsToTrain > 0 && !isPlaying) return frames < Math.min(run.epochsToTrain, window) ? request({ op: "frame", epochs: 1, ...onwards }) : null;
  if (exported && !exports && !edit && place < run.knownEpochs) { // after an edit, the run may never come there
    return { ...request({ op: "export" }), exported, request: { id, op: "export", ...exportedBeside(exported, compared), epoch: place } };
  }
  if (isPlaying) return frames < window ? request({ op: "frame", epochs: pace, ...onwards }) : null;
  if (epoch === AHEAD || looks >= window) return null;
  const isStale = pictureKey !== JSON.stringify(wanted);
  if (epoch !== place) return request({ op: "seek", epoch: place, ...(isStale ? {} : { picture: false }) }); // the picture of that epoch is on the screen
  if (isStale || run.epoch === null) return request({ op: "frame" });
  const health = !edit && isDeep(recipe) && examined !== place; // after an edit there is another network
  if (health || (probe && probed !== JSON.stringify(probe))) {
    const steps = wanted.steps ? { steps: wanted.steps } : {};
    return { ...request({ op: "frame", picture: false, ...(health ? { health } : {}) }, steps), pictureKey: JSON.stringify(wanted) }; // that stays
  }
  if (run.detail && isIncomplete(run) && !wanted.steps) { // in the middle of an epoch there is none
    const { threshold, unit, space } = wanted;
    const { size, rows: first } = run.detail;
    return { ...request({ op: "detail" }), request: { id, op: "detail", size, first, threshold, unit, space } };
  }
  return null;
}

/** Whether there are hidden layers. @param {import("./recipes.js").Recipe} recipe */
const isDeep = ({ hidden }) => Array.isArray(hidden) && hidden.length > 0;

/**
 * An export names the list of runs side by side, which the server has: it may be long.
 * @param {ExportRequest} exported @param {Compared | null} compared @returns {ExportRequest}
 */
const exportedBeside = (exported, compared) =>
  (compared && exported.look ? { ...exported, look: { .../** @type {object} */ (exported.look), beside: [] }, compared: compared.key } : exported);

/** The server goes to the edit's epoch first. @param {RunState} run @param {Edit} edit @returns {RequestBody} */
function editBody(run, edit) {
  const isShown = run.edits.length === 1 && edit.epoch === position(run);
  return { op: "edit", ...edit, since: Math.min(run.knownEpochs, edit.epoch), picture: isShown };
}

/**
 * The server's state after all requests under way, and how many of each kind there are.
 * @param {RunState} run
 */
function expected({ server, pictureKey, probed, health, sent, turn }) {
  const after = {
    /** @type {number | "ahead" | null} where the server is; null where that cannot be known */
    epoch: server.epoch,
    /** @type {number | null} the epoch of which a picture comes last */
    shown: null,
    pictureKey, probed,
    /** @type {number | "ahead" | null} the epoch at which the hidden layers were examined last */
    examined: health && health.epoch,
    seeks: 0, frames: 0, looks: 0, exports: 0,
  };
  for (const one of sent) {
    const { op, epoch, epochs, picture, probe } = one.request;
    if (epoch !== undefined) after.epoch = epoch;
    if (op === "edit") after.examined = null; // another network
    if (one.request.health) after.examined = after.epoch;
    if (op === "seek") after.seeks += 1;
    if (op === "export") after.exports += 1;
    if (epochs) {
      after.epoch = one.turn === turn ? AHEAD : null;
      after.frames += one.turn === turn ? 1 : 0;
    } else if (op !== "export" && op !== "detail" && op !== "compare") {
      if (picture !== false) {
        after.shown = epoch ?? after.shown;
        after.pictureKey = one.pictureKey;
      }
      if (op === "frame") after.looks += 1;
      if (probe) after.probed = JSON.stringify(probe);
    }
  }
  return after;
}
