/** The next state of a run, for each reply of the server. Pure. */

import { movedTo } from "./changes.js";
import { withPiece } from "./detail.js";
import { repeatedEdits } from "./recipes.js";
import { goal, isTraining, LAST_EPOCH, NO_MESSAGE, position, problem, recipeOf } from "./run-state.js";

/** @typedef {import("./run-state.js").RunState} RunState */
/** @typedef {import("./run-state.js").Sent} Sent */
/** @typedef {import("./recipes.js").Recipe} Recipe */
/** @typedef {import("./stops.js").Stop} Stop */

/**
 * @template {Float32Array | Uint32Array | Uint8Array} Data
 * @typedef {{data: Data, shape: number[]}} TypedArray an array of any dimensions, the last index running fastest
 */

/** @typedef {{at: number[], logits: (number | null)[], probabilities: (number | null)[]}} ProbeAnswer the network's outputs at a point */

/**
 * @typedef {object} FrameFields header of a reply that shows the run at an epoch, see `nnviz/live/session.py`
 * @property {number} id of the request
 * @property {number} epoch
 * @property {number} since the epoch of the first history row
 * @property {false} [arrived] where the run has yet to reach the epoch that the request is for, and nothing else was done
 * @property {boolean} finished
 * @property {number | null} corrections of a perceptron so far
 * @property {string | null} diverged why, where it has
 * @property {{train_loss: number?, test_loss: number?, train_accuracy: number?, test_accuracy: number?}} metrics
 * @property {ProbeAnswer} [probe]
 * @property {string} [data] the name of the points, where others come than those the request names
 * @property {string | null} [health] a warning if a hidden layer hardly learns
 * @property {number} [threshold] at which classes were predicted
 * @property {{at: [number, number], scale: number, bias: number?}} [unitSeen] the unit whose map is sent
 * @property {{windows: [first: number, count: number][], scales: number[]}} [network] units whose maps are sent
 * @property {number} [steps] training steps of the next epoch after which the network is shown
 * @property {number[]} [samples] training samples of the last of them
 * @property {boolean} [wrong] whether one of these was on the wrong side
 * @property {number[]} [space] a layer and two of its units, the axes of the warped space
 * @property {import("../starts/summary.js").StartsHeader} [starts] runs with other seeds
 * @property {BesideHeader} [beside] runs side by side with this one
 * @property {(ProbeAnswer | null)[]} [besideProbes] their outputs at the point
 */

/**
 * @typedef {object} RunHeader a run beside the present one, see `nnviz/live/beside.py`; its arrays are numbered from 1
 * @property {number} epoch
 * @property {number} since
 * @property {boolean} finished
 * @property {string | null} diverged
 * @property {FrameFields["metrics"]} metrics
 * @property {string} [data] the name of its points, where others come than those that are known
 * @property {string[]} [features] and all below, where nothing is known of it
 * @property {string[]} [classNames]
 * @property {[low: number, high: number][]} [extent]
 * @property {boolean} [sharedUnit]
 * @property {number[]} [sizes]
 * @property {string[]} [inputs]
 * @property {number} [nAtStart]
 */

/** @typedef {{key: string, arrived: boolean, runs: (RunHeader | null)[]}} BesideHeader null where a run is not made yet */

/** @typedef {FrameFields & {type: "frame", recipe?: Recipe}} FrameHeader with a recipe after an edit */

/**
 * @typedef {FrameFields & {
 *   type: "opened", recipe: Recipe, features: string[], classNames: string[],
 *   extent: [low: number, high: number][], sharedUnit: boolean, sizes: number[], inputs: string[], nAtStart: number,
 * }} OpenedHeader
 */

/** @typedef {{type: "error", id: number, message: string}} ErrorHeader */

/**
 * @typedef {{
 *   type: "exported", id: number, what: string, problem?: string, epoch?: number, name?: string, mime?: string,
 *   query?: string, caption?: string, size?: [number, number],
 * } & Object<string, unknown>} ExportHeader see `nnviz/live/exports.py`
 */

/** @typedef {{type: "compared", id: number, key: string}} ComparedHeader */

/** @typedef {{type: "dropped", id: number}} DroppedHeader of a request that a later one made pointless */

/** @typedef {{type: "detail", id: number, epoch: number, first: number}} DetailHeader of some rows, from the first on */

/** @typedef {FrameHeader | OpenedHeader | ErrorHeader | ExportHeader | ComparedHeader | DroppedHeader | DetailHeader} Header */

/**
 * @typedef {object} PictureArrays of an epoch. Of n × n points, the first row is at the bottom
 * @property {TypedArray<Uint8Array>} planes probabilities, 255 for 1: (k, n, n), or (1, n, n) of the second of two classes
 * @property {TypedArray<Float32Array>} lines the boundary: x and y in turn, all lines end to end
 * @property {TypedArray<Uint32Array>} lineStarts the point at which each line starts
 * @property {TypedArray<Uint8Array>} [predicted] class index of every sample, those of the test part last
 * @property {TypedArray<Uint8Array>} [unit] the map of one unit, (n, n): 128 is 0
 * @property {TypedArray<Uint8Array>} [maps] of the units that the diagram shows, (units, m, m)
 * @property {TypedArray<Float32Array>} [weights] between them
 * @property {TypedArray<Float32Array>} [spaceMesh] (rows, columns, 2)
 * @property {TypedArray<Float32Array>} [spacePoints] those of the test part last
 * @property {TypedArray<Float32Array>} [spaceLines] the boundary there
 * @property {TypedArray<Uint8Array>} [startsPictures] of the starts, (n, m, m): 32 · class + 0…31, how clear that is
 */

/**
 * @typedef {object} OtherArrays
 * @property {TypedArray<Float32Array>} [rows] of the history, one an epoch
 * @property {TypedArray<Float32Array>} [trainPoints] the data of a run that was opened, or in which points were drawn
 * @property {TypedArray<Uint8Array>} [trainLabels]
 * @property {TypedArray<Float32Array>} [testPoints]
 * @property {TypedArray<Uint8Array>} [testLabels]
 * @property {TypedArray<Uint32Array>} [numbers] of all points, those of the test part last; else they count through
 * @property {TypedArray<Uint8Array>} [file] exported
 */

/** @typedef {Partial<PictureArrays> & OtherArrays} Arrays */
/** @typedef {Pick<PictureArrays, "planes" | "lines" | "lineStarts" | "unit" | "spaceLines">} DetailArrays some rows of them */
/**
 * @typedef {(FrameHeader | OpenedHeader) & PictureArrays & {isFine?: true}} Frame
 *   the picture of an epoch, header and arrays together; `isFine` where its grid is as fine as the display
 */
/** @typedef {{header: Header, arrays: Arrays}} Reply */

/**
 * A reply, with what `Run` has added to it.
 * @typedef {object} ReplyEvent
 * @property {"reply"} type
 * @property {Header} header
 * @property {Arrays} arrays
 * @property {number} rows how many rows of it are in the history now
 * @property {Stop | null} stop where a rule stops the run, among the epochs that were trained
 * @property {import("../look.js").Net} [net] of a run that was opened
 * @property {import("../plane/scene.js").Scene} [scene] of a run that was opened
 * @property {import("../plane/scene.js").Points} [points] of the epoch, where others come than those that were known
 * @property {{key: string, seen: {scene?: import("../plane/scene.js").Scene, net?: import("../look.js").Net, points?: import("../plane/scene.js").Points}[]}} [runs] description of runs side by side
 */

/** @param {RunState} run @param {ReplyEvent} event @returns {RunState} */
export function replied(run, event) {
  const [sent, ...others] = run.sent;
  const { header } = event;
  if (!sent || header.id !== sent.id) return run; // from an earlier connection
  const after = { ...run, sent: others, online: true, message: run.online ? run.message : NO_MESSAGE };
  if (header.type === "dropped") return after;
  if (sent.exported && header.type !== "frame") return atServer(after, null); // only the export queue waits for it
  if (header.type === "exported" || header.type === "compared") return after;
  const isOfThisRun = sent.recipe === run.recipe;
  if (header.type === "detail") return isOfThisRun ? withPiece(after, sent.request, /** @type {DetailArrays} */ (event.arrays)) : after;
  if (header.type === "error") return isOfThisRun ? refused(atServer(after, null), sent, header.message) : after;
  if (!isOfThisRun) return { ...after, server: { recipe: sent.recipe, epoch: header.epoch } };
  return withHealth(withProbe(progressed(after, sent, header, event), header), header);
}

/**
 * The present run has got further.
 * @param {RunState} run @param {Sent} sent @param {FrameHeader | OpenedHeader} header @param {ReplyEvent} event
 * @returns {RunState}
 */
function progressed(run, sent, header, { arrays, rows, stop }) {
  if (header.type === "opened") return opened(run, sent, header, rows);
  if (header.arrived === false) return onTheWay(run, sent, header, rows);
  const hasPicture = Boolean(arrays.planes);
  if (sent.edit && header.recipe) return confirmed(run, sent, sent.edit, header.recipe, header, rows, hasPicture);
  if (isTraining(run, sent, header)) return trained(run, sent, header, rows, stop);
  return reached(run, sent, header, rows, hasPicture);
}

/**
 * The probabilities at a point belong to the epoch shown, or to none.
 * @param {RunState} run @param {FrameHeader | OpenedHeader} header @returns {RunState}
 */
function withProbe(run, header) {
  return header.probe && header.epoch === run.epoch ? { ...run, probed: JSON.stringify(header.probe.at) } : run;
}

/** The same for the units' health. @param {RunState} run @param {FrameHeader | OpenedHeader} header @returns {RunState} */
function withHealth(run, { health, epoch }) {
  return health !== undefined && epoch === run.epoch ? { ...run, health: { epoch, warning: health ?? "" } } : run;
}

/**
 * The run is open on the server, at epoch 0; the user may be at another epoch, to which it goes next.
 * @param {RunState} run @param {Sent} sent @param {OpenedHeader} header @param {number} rows
 */
function opened(run, sent, header, rows) {
  const { recipe } = header; // as the server writes it, with all defaults
  const after = { ...run, recipe, server: { recipe, epoch: header.epoch }, knownEpochs: Math.max(run.knownEpochs, rows) };
  const isAtStart = position(run) === header.epoch;
  // show this picture rather than keep a blank or outdated one
  const isBetterThanOld = run.epoch === null && (run.starts > 1 || run.replaying !== null);
  if (!isAtStart && !isBetterThanOld) return after;
  return withPicture(isAtStart ? arrived(after) : after, sent, header);
}

/**
 * The server has made the edit: from its epoch on this is a different run.
 * @param {RunState} run @param {Sent} sent @param {import("./recipes.js").Edit} edit
 * @param {Recipe} recipe with the edit
 * @param {FrameHeader} header @param {number} rows @param {boolean} hasPicture
 * @returns {RunState}
 */
function confirmed(run, sent, edit, recipe, header, rows, hasPicture) {
  const others = run.edits.filter((other) => other !== edit);
  const edits = [...repeatedEdits(recipeOf(run), edit), ...others];
  const following = run.sent.map((next) => (next.recipe === run.recipe ? { ...next, recipe } : next));
  const after = {
    ...run, recipe, edits, sent: following, server: { ...run.server, recipe, epoch: header.epoch }, knownEpochs: header.since + rows, health: null, diverged: null, finished: header.finished,
    message: NO_MESSAGE,
  };
  const isShown = hasPicture && header.epoch === position(run);
  return isShown ? withPicture(arrived(after), sent, header) : { ...after, pictureKey: null };
}

/**
 * Epochs were trained. If a rule stops the run in one of them, the run goes to that epoch.
 * @param {RunState} run @param {Sent} sent @param {FrameHeader} header @param {number} rows @param {Stop | null} stop
 * @returns {RunState}
 */
function trained(run, sent, header, rows, stop) {
  const after = atServer(run, header.epoch);
  if (stop) {
    const knownEpochs = Math.max(run.knownEpochs, stop.epoch + 1); // as if it had not gone on
    return { ...movedTo({ ...after, knownEpochs }, stop.best ?? stop.epoch), message: { text: stop.why, kind: "note" } };
  }
  const epochsToTrain = Math.max(0, run.epochsToTrain - 1);
  return withPicture({ ...after, epochsToTrain, knownEpochs: withRows(run, header, rows) }, sent, header);
}

/**
 * The server has come nearer to an epoch, and has to be asked again; frames requested to follow the epoch
 * before do not count any more.
 * @param {RunState} run @param {Sent} sent @param {FrameHeader} header @param {number} rows @returns {RunState}
 */
function onTheWay(run, { request }, header, rows) {
  const after = { ...atServer(run, header.epoch), turn: run.turn + 1 };
  if (request.epoch !== goal(run)) return after; // the user has gone elsewhere since
  return { ...after, onTheWay: request.epoch, knownEpochs: withRows(run, header, rows) };
}

/**
 * The server has reached an epoch at which it has to be. Epochs that were requested before the user
 * went elsewhere change nothing but that.
 * @param {RunState} run @param {Sent} sent @param {FrameHeader} header @param {number} rows @param {boolean} hasPicture
 * @returns {RunState}
 */
function reached(run, sent, header, rows, hasPicture) {
  const { op, epoch = 0, epochs = 0 } = sent.request;
  const after = atServer(run, header.epoch);
  if (epochs > 0) return after;
  const caughtUp = {
    ...after,
    knownEpochs: withRows(run, header, rows),
    onTheWay: epoch === run.onTheWay ? null : run.onTheWay,
  };
  const isCutShort = (op === "seek" || op === "edit") && header.diverged && header.epoch < epoch;
  const now = isCutShort ? cutShort(caughtUp, epoch, header.epoch) : caughtUp;
  const isWanted = sent.turn === run.turn || now.target !== null; // while the user scrubs, the epochs on the way are shown too
  if (!hasPicture || !isWanted) return now;
  return withPicture(header.epoch === now.target ? arrived(now) : now, sent, header);
}

/** @param {RunState} run @param {FrameHeader} header @param {number} rows */
const withRows = ({ knownEpochs }, { since }, rows) => Math.max(knownEpochs, since + rows);

/** @param {RunState} run @param {number | null} epoch @returns {RunState} */
const atServer = (run, epoch) => ({ ...run, server: { ...run.server, epoch } });

/**
 * The run ends before an epoch that was requested: an edit for the missing epoch is
 * applied at the last epoch instead.
 * @param {RunState} run @param {number} epoch requested @param {number} end @returns {RunState}
 */
function cutShort(run, epoch, end) {
  const [edit, ...others] = run.edits;
  const edits = edit?.epoch === epoch ? [{ ...edit, epoch: end }, ...others] : run.edits;
  return { ...run, edits, target: position(run) > end ? end : run.target };
}

/**
 * The epoch where the user wanted to go is reached, or the nearest that the run has.
 * @param {RunState} run @returns {RunState}
 */
const arrived = (run) => ({ ...run, target: null, replaying: null });

/**
 * A picture of this run has come: its epoch is the one shown.
 * @param {RunState} run @param {Sent} sent @param {FrameHeader | OpenedHeader} header @returns {RunState}
 */
function withPicture(run, sent, header) {
  const { epoch, diverged, finished, starts, beside } = header;
  const hasAll = (starts?.arrived ?? true) && (beside?.arrived ?? true);
  const pictureKey = hasAll ? sent.pictureKey : null; // the others have yet to come there
  const after = { ...run, epoch, diverged, finished, pictureKey, pictures: run.pictures + 1, detail: null };
  if (diverged) return { ...after, playing: false, epochsToTrain: 0, message: problem(diverged) };
  if (finished && run.playing) return { ...after, playing: false, epochsToTrain: 0, message: problem(LAST_EPOCH) };
  return finished ? { ...after, epochsToTrain: 0 } : after;
}

/**
 * The server refused the request, with a reason; the run stays as it is.
 * @param {RunState} run @param {Sent} sent @param {string} why @returns {RunState}
 */
function refused(run, sent, why) {
  if (sent.request.op === "detail") return { ...run, detail: null }; // it is not requested again
  if (sent.request.op === "compare") return { ...run, message: problem(why) };
  const stopped = { ...run, playing: false, epochsToTrain: 0, message: problem(why), turn: run.turn + 1 };
  if (sent.edit) return { ...stopped, edits: run.edits.filter((edit) => edit !== sent.edit) };
  const after = arrived(stopped);
  if (sent.request.op === "open") return { ...after, refused: run.recipe }; // not requested again
  // the refused part may be in the picture; a picture without any of them cannot be made simpler
  return { ...after, blocked: sent.pictureKey, pictureKey: sent.pictureKey === "{}" ? "{}" : null };
}
