/**
 * The run as the stage has it, and what each event makes of it. Pure: no DOM, no clock, no socket.
 *
 * Two epochs are kept apart: the one shown, which is the truth of the run, and the server's, which
 * is only where its trainer happens to be. What the server has to do next always follows from what
 * is wanted and what it has, so a connection that drops needs no care: see `run/requests.js`.
 */

import { asListed, folded, saidAgain, withChange, withoutEdit } from "./recipes.js";

export const FAR = 5000; // epochs, after which people are told that a replay is under way

const OFFLINE = "The server can’t be reached. Trying again; the run goes on from here.";
const NOTHING = { recipe: null, epoch: 0 };

/**
 * @typedef {object} Run
 * @property {object?} recipe with the edits that the server has confirmed
 * @property {import("./recipes.js").Edit[]} edits made, and not confirmed yet; each at its own epoch
 * @property {number?} epoch shown; null before this run's first picture
 * @property {number?} target an epoch that is to be shown and is not yet
 * @property {number} known epochs of its history, from 0 on
 * @property {boolean} playing
 * @property {number} steps single epochs still to take
 * @property {number} starts runs begun
 * @property {number?} replaying a far target, as long as it is one
 * @property {string?} diverged why it cannot go on from the epoch shown
 * @property {boolean} finished
 * @property {object?} refused a recipe that the server would not open
 * @property {string?} blocked a picture that the server would not make, as JSON
 * @property {{words: string, kind: string}} message
 * @property {boolean} connected
 * @property {boolean} online whether the last thing heard of the server was an answer
 * @property {{recipe: object?, epoch: number}} server the run that it has open, and where it is
 * @property {Sent?} sent the request under way
 * @property {number} requests sent so far: the number of the last
 * @property {string?} pictured what the picture shown was asked to hold, as JSON
 * @property {string?} probed the point that was asked about last, as JSON
 * @property {boolean} unpainted whether a picture is still to be painted
 */

/**
 * @typedef {object} Sent
 * @property {number} id
 * @property {object} request
 * @property {object} recipe the run it is for
 * @property {number?} from the epoch shown when it was sent
 * @property {string} pictured what its picture holds, as JSON
 * @property {import("./recipes.js").Edit} [edit]
 * @property {object} [take] what is exported
 */

/** @type {Run} */
export const FIRST_RUN = {
  recipe: null,
  edits: [],
  epoch: null,
  target: null,
  known: 0,
  playing: false,
  steps: 0,
  starts: 0,
  replaying: null,
  diverged: null,
  finished: false,
  refused: null,
  blocked: null,
  message: { words: "", kind: "note" },
  connected: false,
  online: true,
  server: NOTHING,
  sent: null,
  requests: 0,
  pictured: null,
  probed: null,
  unpainted: false,
};

// --- what follows from a run --------------------------------------------------------------

/** The epoch people are at: the one shown, or the one they are on their way to. @param {Run} run */
export const position = ({ target, epoch }) => target ?? epoch ?? 0;

/** The recipe with the edits that are still on their way. @param {Run} run */
export const wholeRecipe = ({ recipe, edits }) => edits.reduce(withChange, recipe);

/** The edits that people have made of it, and can take back, as a recipe has them. @param {Run} run @returns {Array[]} */
export function editsOf(run) {
  const made = new Set([...(run.recipe.edits ?? []), ...run.edits.map(asListed)].map((edit) => JSON.stringify(edit)));
  return (wholeRecipe(run).edits ?? []).filter((edit) => made.has(JSON.stringify(edit)));
}

/** The settings in force at its end. @param {Run} run */
export const settings = (run) => folded(wholeRecipe(run));

/** Whether the run cannot go on from here as it is. @param {Run} run */
export const isEnded = ({ diverged, finished, refused, recipe }) => Boolean(diverged || finished || (refused && refused === recipe));

/** @param {Run} run @returns {"offline" | "diverged" | "running" | "paused"} */
export function condition({ online, diverged, playing }) {
  if (!online) return "offline";
  if (diverged) return "diverged";
  return playing ? "running" : "paused";
}

/** What people are to be told. @param {Run} run @returns {{words: string, kind: string}} */
export function messageOf({ online, replaying, message }) {
  if (!online) return message.kind === "offline" ? { ...message, kind: "problem" } : { words: OFFLINE, kind: "problem" };
  if (replaying !== null) return { words: `Replaying the run to epoch ${replaying}.`, kind: "note" };
  return message;
}

/** Whether a reply's epochs are trained ones that the run goes on to. @param {Run} run @param {object} header */
export function isTraining({ sent, epoch, playing, steps, edits, target, recipe }, header) {
  const { op, epochs } = sent.request;
  const isOfThisRun = header.type === "frame" && op === "frame" && epochs > 0 && sent.recipe === recipe;
  const isWanted = playing || (steps > 0 && epochs === 1);
  // people who have gone elsewhere or changed something since have made it a future that never happened
  return isOfThisRun && isWanted && sent.from === epoch && target === null && !edits.length;
}

// --- what people want -------------------------------------------------------------------

const said = (words, kind = "problem") => ({ words, kind });
const SILENCE = said("", "note");

/**
 * Another run, from its start or at an epoch of it.
 * @param {Run} run @param {object} recipe @returns {Run}
 */
export function started(run, recipe, epoch = 0) {
  return {
    ...run,
    recipe,
    edits: [],
    epoch: null,
    target: epoch || null,
    known: 0,
    steps: 0,
    starts: run.starts + 1,
    replaying: epoch >= FAR ? epoch : null,
    diverged: null,
    finished: false,
    blocked: null,
    message: SILENCE,
    pictured: null,
    probed: null,
  };
}

/** Rest at an epoch of a recipe, edits and all. @param {Run} run @returns {Run} */
export function visited(run, recipe, epoch) {
  const isSame = run.recipe && JSON.stringify(recipe) === JSON.stringify(wholeRecipe(run));
  const there = isSame ? gone(run, epoch) : started(run, recipe, epoch);
  return { ...there, playing: false, replaying: epoch >= there.known + FAR ? epoch : null };
}

/** Go to an epoch the run has been at. @param {Run} run @returns {Run} */
export function gone(run, epoch) {
  return { ...run, playing: false, steps: 0, diverged: null, finished: false, replaying: null, target: epoch };
}

/**
 * Edits from the epoch on that people are at. The last that waits is replaced by one of its place.
 * @param {Run} run @param {{field: string, value: unknown, at?: number[]}[]} changes @returns {Run}
 */
export function edited(run, changes) {
  const epoch = position(run);
  let { edits } = run;
  for (const change of changes) {
    const last = edits.at(-1);
    const isReplaced = last && last !== run.sent?.edit && isSamePlace(last, change, epoch);
    edits = [...(isReplaced ? edits.slice(0, -1) : edits), { ...change, epoch }];
  }
  return { ...run, edits };
}

const isSamePlace = (other, { field, at }, epoch) =>
  other.epoch === epoch && other.field === field && String(other.at) === String(at);

const RUN_EVENTS = {
  play: (run, { note = "" }) => (isEnded(run) ? run : { ...run, playing: true, message: said(note) }),

  pause: (run) => ({ ...run, playing: false }),

  step: (run) => (isEnded(run) ? run : { ...run, playing: false, steps: run.steps + 1 }),

  go: (run, { epoch }) => gone(run, epoch),

  /** One edit taken back: what came after it is trained anew. One on its way goes without a trace. */
  remove(run, { edit }) {
    const isIt = (pending) => JSON.stringify(asListed(pending)) === JSON.stringify(edit);
    const edits = run.edits.filter((pending) => !isIt(pending));
    const there = { ...run, edits, target: position(run), diverged: null, finished: false };
    // the server may have it already, so that it has to begin again
    if (edits.length < run.edits.length) return { ...there, recipe: { ...run.recipe } };
    return { ...there, recipe: withoutEdit(run.recipe, edit), known: Math.min(run.known, edit[0]) };
  },

  /** Epoch 0 again, with the settings as they are now and the weights set by hand at the start. */
  reset(run) {
    const first = (run.recipe.edits ?? []).filter(([epoch, , , place]) => epoch === 0 && place);
    const recipe = first.length ? { ...settings(run), edits: first } : settings(run);
    const edits = run.edits.filter(({ epoch, at }) => epoch === 0 && at);
    return { ...started(run, recipe), edits, playing: false };
  },

  /** The same with other first weights. */
  renew(run) {
    const recipe = settings(run);
    return started(run, { ...recipe, seed: (recipe.seed + 1) % 2 ** 32 });
  },

  say: (run, { words, kind }) => ({ ...run, message: said(words, kind) }),

  // --- the way to the server ------------------------------------------------------------

  connected: (run) => ({ ...run, connected: true }),

  disconnected: (run, { why }) => ({
    ...run, connected: false, online: false, server: NOTHING, sent: null, message: why ? said(why, "offline") : SILENCE,
  }),

  sent: (run, { sent }) => ({
    ...run, sent, requests: sent.id, probed: sent.request.probe === undefined ? run.probed : JSON.stringify(sent.request.probe),
  }),

  painted: (run) => ({ ...run, unpainted: false }),

  reply(run, { header, rows, stop }) {
    const { sent } = run;
    if (!sent || header.id !== sent.id) return run; // of a connection that is gone
    const heard = { ...run, sent: null, online: true };
    if (!run.online) heard.message = SILENCE;
    if (sent.request.op === "export") return heard; // told to whoever asked for it
    if (header.type === "error") return sent.recipe === run.recipe ? refused(heard, sent, header) : heard;
    if (sent.recipe !== run.recipe) return { ...heard, server: { recipe: sent.recipe, epoch: header.epoch } };
    if (header.type === "opened") return openedAt(heard, sent, header, rows);
    if (sent.edit) return confirmed(heard, sent, header, rows);
    return moved(heard, run, sent, header, rows, stop);
  },
};

/** @param {Run} run @param {object} event @returns {Run} the same where the event is not one of a run */
export function nextRun(run, event) {
  return Object.hasOwn(RUN_EVENTS, event.type) ? RUN_EVENTS[event.type](run, event) : run;
}

// --- replies ------------------------------------------------------------------------------

/** The run is open on the server, at epoch 0; where people are elsewhere, that is only on the way. */
function openedAt(run, sent, header, rows) {
  const { recipe } = header; // as the server writes it, with all defaults
  const there = { ...run, recipe, server: { recipe, epoch: header.epoch }, known: Math.max(run.known, rows) };
  const isAtStart = position(run) === header.epoch;
  // what is shown of another run does not stay, and nobody looks at a blank page for long
  const isBetterThanNothing = run.epoch === null && (run.starts > 1 || run.replaying !== null);
  if (!isAtStart && !isBetterThanNothing) return there;
  return pictured(isAtStart ? arrived(there) : there, sent, header);
}

/** The server has made the edit: the run is another from its epoch on. */
function confirmed(run, sent, header, rows) {
  const { recipe } = header;
  const others = run.edits.filter((edit) => edit !== sent.edit);
  const edits = [...saidAgain(run.recipe, sent.edit), ...others];
  const there = {
    ...run, recipe, edits, server: { recipe, epoch: header.epoch }, known: header.since + rows, diverged: null, finished: header.finished,
    message: SILENCE,
  };
  const isShown = header.pictured && header.epoch === position(run);
  return isShown ? pictured(arrived(there), sent, header) : { ...there, pictured: null };
}

/** A frame further on, or the server on its way to where it has to be. */
function moved(run, before, sent, header, rows, stop) {
  const { op, epoch, epochs } = sent.request;
  const there = { ...run, server: { ...run.server, epoch: header.epoch } };
  if (epochs > 0) return isTraining(before, header) ? trained(there, sent, header, rows, stop) : there;
  const known = { ...there, known: Math.max(run.known, header.since + rows) };
  const reached = op === "seek" && header.diverged && header.epoch < epoch ? cutShort(known, sent, header.epoch) : known;
  if (!header.pictured) return reached;
  // while people scrub on, what is passed is shown too
  return pictured(header.epoch === reached.target ? arrived(reached) : reached, sent, header);
}

/** The run ends before an epoch that was asked for: whatever was to happen there happens at its end. */
function cutShort(run, { request }, end) {
  const [edit, ...others] = run.edits;
  const edits = edit?.epoch === request.epoch ? [{ ...edit, epoch: end }, ...others] : run.edits;
  return { ...run, edits, target: position(run) > end ? end : run.target };
}

/** Epochs were trained; or a rule says stop among them, and the run goes to where it says. */
function trained(run, sent, header, rows, stop) {
  const steps = Math.max(0, run.steps - 1);
  if (stop) {
    const known = Math.max(run.known, stop.epoch + 1); // as if it had not gone on
    return { ...gone({ ...run, known }, stop.best ?? stop.epoch), message: said(stop.why, "note") };
  }
  return pictured({ ...run, steps, known: Math.max(run.known, header.since + rows) }, sent, header);
}

/** Where people wanted to go is reached, or as near as the run comes to it. */
const arrived = (run) => ({ ...run, target: null, replaying: null });

/** A picture of this run is there: that is the epoch shown. */
function pictured(run, sent, header) {
  const { epoch, diverged, finished } = header;
  const there = { ...run, epoch, diverged, finished, pictured: sent.pictured, unpainted: true };
  if (diverged) return { ...there, playing: false, steps: 0, message: said(diverged) };
  if (finished && run.playing) return { ...there, playing: false, steps: 0, message: said("The run has reached its last epoch.") };
  return finished ? { ...there, steps: 0 } : there;
}

/** The server could not do as asked; it says why, and the run stays as it is. */
function refused(run, sent, { message }) {
  const still = { ...run, playing: false, steps: 0, message: said(message) };
  if (sent.edit) return { ...still, edits: run.edits.filter((edit) => edit !== sent.edit) };
  const stopped = arrived(still);
  if (sent.request.op === "open") return { ...stopped, refused: run.recipe }; // not again
  // what is shown may hold what was refused; of the simplest picture there is none simpler to ask for
  return { ...stopped, blocked: sent.pictured, pictured: sent.pictured === "{}" ? "{}" : null };
}
