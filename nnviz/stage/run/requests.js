/** The next request to the server, or none where it has nothing to do. Pure. */

import { position } from "./run-state.js";

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
 */

/**
 * @typedef {object} OperationFields
 * @property {number} id comes back with the reply
 * @property {"open" | "frame" | "seek" | "edit" | "export"} op
 * @property {import("./recipes.js").Recipe} [recipe] to open
 * @property {number} [epochs] to train
 * @property {number} [epoch] to go to
 * @property {string} [field] of an edit
 * @property {unknown} [value]
 * @property {import("./recipes.js").Place} [at]
 * @property {number} [since] the first epoch whose history row is wanted
 * @property {number[] | null} [probe] a point whose probabilities are wanted
 * @property {boolean} [picture] false where none is wanted
 * @property {string} [what] to export
 */

/** @typedef {OperationFields & PictureFields} Request */

/** @typedef {Omit<Request, "id">} RequestBody a request without its number */

/**
 * It always follows from what the user wants and what the server has. One request is under way at a
 * time, and none while a picture waits to be painted.
 *
 * @param {RunState} run
 * @param {PictureFields} picture
 * @param {number} pace epochs per frame
 * @param {number[] | null} probe the point whose probabilities are shown
 * @param {ExportRequest} [exported] what is to be exported of this very moment
 * @returns {Omit<import("./run-state.js").Sent, "from"> | null}
 */
export function nextRequest(run, picture, pace, probe, exported) {
  const { recipe, target } = run;
  if (!run.connected || !recipe || run.sent || run.unpainted) return null;
  const id = run.requests + 1;
  const wanted = JSON.stringify(picture) === run.blocked ? {} : picture;
  /** @param {RequestBody} body @param {PictureFields} fields */
  const request = (body, fields = wanted) => ({
    id, recipe, pictureKey: JSON.stringify(fields), request: { id, since: run.knownEpochs, probe, ...fields, ...body },
  });

  if (run.server.recipe !== recipe) {
    return run.refused === recipe ? null : request({ op: "open", recipe, since: 0 }, {});
  }
  const isStale = run.pictureKey !== JSON.stringify(wanted);
  const [edit] = run.edits;
  if (edit && run.server.epoch !== edit.epoch) return request({ op: "seek", epoch: edit.epoch, picture: false });
  if (edit) return { ...request(editBody(run, edit)), edit };
  if (target !== null || run.server.epoch !== position(run)) {
    const isOnlyBehind = target === null && !isStale; // the picture of that epoch is on the screen
    return request({ op: "seek", epoch: position(run), ...(isOnlyBehind ? { picture: false } : {}) });
  }
  if (run.steps > 0 && !run.playing) return request({ op: "frame", epochs: 1 });
  if (exported) return { ...request({ op: "export" }), exported, request: { id, op: "export", ...exported } };
  if (run.playing) return request({ op: "frame", epochs: pace });
  if (isStale || run.epoch === null) return request({ op: "frame" });
  if (probe && run.probed !== JSON.stringify(probe)) {
    return { ...request({ op: "frame", picture: false }, {}), pictureKey: JSON.stringify(wanted) }; // that stays
  }
  return null;
}

/** The server is at the edit's epoch. @param {RunState} run @param {Edit} edit @returns {RequestBody} */
function editBody(run, { epoch, ...change }) {
  const isShown = run.edits.length === 1 && epoch === position(run);
  return { op: "edit", ...change, since: epoch, picture: isShown };
}
