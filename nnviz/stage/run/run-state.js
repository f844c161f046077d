/**
 * The state of the run on the stage. Pure: no DOM, no clock, no socket.
 *
 * Two epochs are kept apart: the one shown, which is the truth of the run, and the server's, which
 * is only where its trainer happens to be. While a run plays, the server is ahead, by the frames that
 * were requested and are not shown yet. As soon as the user wants anything else, another `turn`
 * begins, and frames of earlier ones are a future that never happens. What the server has to do next
 * always follows from what the user wants and from what the server has, so a dropped connection
 * needs no special care: see `run/requests.js`. What the user does to a run is in `run/changes.js`, what replies make of
 * it in `run/replies.js`, and the table of all events in `run/events.js`.
 */

import { asListed, finalSettings, withEditKeepingSettings } from "./recipes.js";

/** @typedef {import("./recipes.js").Recipe} Recipe */
/** @typedef {import("./recipes.js").Edit} Edit */

/** @typedef {{text: string, kind: "note" | "problem"}} Message */

/**
 * @typedef {object} RunState
 * @property {Recipe | null} recipe with the edits that the server has confirmed
 * @property {Edit[]} edits not confirmed yet, each at its own epoch
 * @property {number | null} epoch shown; null before this run's first picture
 * @property {number | null} target an epoch that is to be shown and is not yet
 * @property {number} knownEpochs how many epochs its history holds, from 0 on
 * @property {boolean} playing
 * @property {number} epochsToTrain single epochs still to train
 * @property {number} starts runs started so far
 * @property {number | null} replaying a target far away, while the run is replayed to it
 * @property {string | null} diverged why it cannot go on from the epoch shown
 * @property {boolean} finished
 * @property {Recipe | null} refused a recipe that the server refused to open
 * @property {string | null} blocked a picture that the server refused to make, as JSON
 * @property {Message} message
 * @property {boolean} connected
 * @property {boolean} online whether the last news of the server was a reply
 * @property {string} offline why it is not online, where that is known
 * @property {{recipe: Recipe | null, epoch: number | null, compared?: string}} server the run that it has open, its epoch there where that is known, and the name of the list of runs beside it
 * @property {Sent[]} sent requests whose replies were not taken in yet, in order
 * @property {number} turn how often what was requested ahead has become pointless
 * @property {number | null} onTheWay an epoch that the server needs more than one request to reach
 * @property {number} requests sent so far, which is the id of the last
 * @property {string | null} pictureKey the fields that the picture shown was requested with, as JSON
 * @property {string | null} probed the point whose probabilities are shown, as JSON
 * @property {{epoch: number, warning: string} | null} health of the hidden layers, and the epoch it was examined at
 * @property {number} pictures shown so far
 * @property {import("./detail.js").Detail | null} detail of the picture shown, once that is at rest
 */

/**
 * @typedef {object} Sent a request, and what is to be remembered until its reply
 * @property {number} id
 * @property {import("./requests.js").Request} request
 * @property {Recipe} recipe the run it is for
 * @property {number} turn in which it was sent
 * @property {string} pictureKey the fields that its picture was requested with, as JSON
 * @property {import("../plane/scene.js").Scene | null} [scene] shown then: its points are those of the reply if that has no others
 * @property {Edit} [edit]
 * @property {import("../export/queue.js").ExportRequest} [exported]
 */

export const LONG_REPLAY = 5000; // epochs from which on a message announces a replay

const OFFLINE = "The server can’t be reached. Trying again; the run goes on from here.";

/** @type {RunState["server"]} */
export const NOTHING_OPEN = { recipe: null, epoch: 0 };

/** @type {Message} */
export const NO_MESSAGE = { text: "", kind: "note" };

/** @param {string} text @returns {Message} */
export const problem = (text) => ({ text, kind: "problem" });

/** @type {RunState} */
export const FIRST_RUN = {
  recipe: null,
  edits: [],
  epoch: null,
  target: null,
  knownEpochs: 0,
  playing: false,
  epochsToTrain: 0,
  starts: 0,
  replaying: null,
  diverged: null,
  finished: false,
  refused: null,
  blocked: null,
  message: NO_MESSAGE,
  connected: false,
  online: true,
  offline: "",
  server: NOTHING_OPEN,
  sent: [],
  turn: 0,
  onTheWay: null,
  requests: 0,
  pictureKey: null,
  probed: null,
  health: null,
  pictures: 0,
  detail: null,
};

/** The epoch the user is at: the one shown, or the one the run is going to. @param {RunState} run */
export const position = ({ target, epoch }) => target ?? epoch ?? 0;

/** Where the server has to be next: at the first edit to be made, or where the user is. @param {RunState} run */
export const goal = (run) => run.edits[0]?.epoch ?? position(run);

/** The confirmed recipe; fails where no run was started yet. @param {RunState} run @returns {Recipe} */
export function recipeOf({ recipe }) {
  if (!recipe) throw new Error("no run was started yet");
  return recipe;
}

/** The last recipe with edits, which is asked for many times before any of both changes. @type {{recipe: Recipe | null, edits: Edit[], whole: Recipe | null}} */
let last = { recipe: null, edits: [], whole: null };

/** The recipe with the edits that are not confirmed yet. @param {RunState} run @returns {Recipe} */
export function wholeRecipe(run) {
  const { edits } = run;
  const recipe = recipeOf(run);
  if (last.whole && last.recipe === recipe && last.edits === edits) return last.whole;
  const whole = edits.reduce(withEditKeepingSettings, recipe);
  last = { recipe, edits, whole };
  return whole;
}

/**
 * The edits made by the user, which can be removed again, as the recipe lists them.
 * @param {RunState} run @returns {import("./recipes.js").ListedEdit[]}
 */
export function editsOf(run) {
  const made = [...(recipeOf(run).edits ?? []), ...run.edits.map(asListed)];
  const keys = new Set(made.map((edit) => JSON.stringify(edit)));
  return (wholeRecipe(run).edits ?? []).filter((edit) => keys.has(JSON.stringify(edit)));
}

/** The settings in force at its end. @param {RunState} run */
export const settings = (run) => finalSettings(wholeRecipe(run));

/** Whether the server refused to open it. @param {RunState} run */
export const isRefused = ({ refused, recipe }) => Boolean(refused && refused === recipe);

/** Whether the run cannot go on from here as it is. @param {RunState} run */
export const isEnded = (run) => Boolean(run.diverged || run.finished || isRefused(run));

export const LAST_EPOCH = "The run has reached its last epoch.";

/**
 * What to do where it is played and cannot go on.
 * @param {RunState} run @returns {Message}
 */
export function endOf({ diverged, finished, message }) {
  if (diverged) return problem(`${diverged} Lower the learning rate at an earlier epoch, or reset.`);
  return finished ? problem(LAST_EPOCH) : message;
}

/** @param {RunState} run @returns {"offline" | "diverged" | "running" | "paused"} */
export function condition({ online, diverged, playing }) {
  if (!online) return "offline";
  if (diverged) return "diverged";
  return playing ? "running" : "paused";
}

/** The message to be shown. @param {RunState} run @returns {Message} */
export function messageOf({ online, offline, replaying, message }) {
  if (!online) return problem(offline || OFFLINE);
  if (replaying !== null) return { text: `Replaying the run to epoch ${replaying}.`, kind: "note" };
  return message;
}

/** A warning about a hidden layer at the epoch shown, where the run rests. @param {RunState} run */
export const warningOf = ({ health, epoch, playing, diverged }) =>
  (health && health.epoch === epoch && !playing && !diverged ? health.warning : ""); // the reason why it diverged is more useful

/** Whether an edit was sent and is not confirmed yet. @param {RunState} run @param {Edit} edit */
export const isUnderWay = ({ sent }, edit) => sent.some((other) => other.edit === edit);

/**
 * Whether a reply holds newly trained epochs with which the run goes on.
 * @param {RunState} run
 * @param {Sent} sent its request
 * @param {import("./replies.js").Header} header
 * @returns {header is import("./replies.js").FrameHeader}
 */
export function isTraining({ turn, playing, epochsToTrain }, sent, header) {
  const { op, epochs = 0 } = sent.request;
  const isWanted = playing || (epochsToTrain > 0 && epochs === 1);
  return header.type === "frame" && op === "frame" && epochs > 0 && sent.turn === turn && isWanted;
}
