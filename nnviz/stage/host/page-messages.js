/**
 * What the stage knows of the page around it, and what it reports to it. Pure.
 *
 * Messages go both ways, and are numbered. The page numbers what the user does there; each field
 * changed there carries the number of that change, so the newest counts however late it arrives, and
 * nothing is done twice. The stage numbers its reports, and repeats the last one until the page has
 * acknowledged it. On both sides `heard` is the number of the other's last message that has arrived.
 */

import { edited, pausedAt, started } from "../run/changes.js";
import { differences, finalSettings, startedAgain } from "../run/recipes.js";
import { position, settings, wholeRecipe } from "../run/run-state.js";
import { strokesUpTo } from "../run/strokes.js";
import { sampleAt } from "../plane/scene.js";

/** Settings that make other points of the data. */
const OF_DATA = ["data", "classes", "features", "samples", "noise", "test_share", "data_seed"];

/** @typedef {import("../run/recipes.js").Recipe} Recipe */
/** @typedef {import("../stage-state.js").StageState} StageState */
/** @typedef {{number: number, text: string}} Experiment the text of a file, and the number of the report with it */

/**
 * @typedef {object} Page
 * @property {string | null} id of the page's session: another one after a restart of the server
 * @property {number} applied number of the last page change that the stage has applied
 * @property {boolean} follows whether a panel of the page shows the run where it rests
 * @property {number | null} sample the training point that is picked
 * @property {Experiment | null} experiment a file that was opened here
 * @property {number} epoch where the run rested last, as far as it was reported
 * @property {number} starts how many runs had been started then
 * @property {number} number of the last report
 * @property {number} heard number of the last report that the page has acknowledged
 * @property {string} content what the last report holds, as JSON
 * @property {string} recipe the recipe that the page itself has, as JSON
 * @property {string} beside the runs side by side that it has, as JSON
 * @property {boolean} isDragging whether a weight is being dragged: reported when the drag ends
 */

/**
 * @typedef {object} PageMessage what the page sends after each of its runs, see `nnviz/ui/stage.py`
 * @property {string} page its session
 * @property {number} number of the last thing done there
 * @property {number} heard number of the stage's last report that has arrived
 * @property {Recipe} recipe
 * @property {Object<string, number>} changed fields changed there, each with the number of its change
 * @property {Opened} opened
 * @property {import("../compare/companions.js").Companion[]} [beside] runs side by side
 * @property {string[]} liveFields that may change in the middle of a run
 * @property {string | null} panel that is open on the page
 * @property {boolean} follow
 * @property {number | null} sample the training point that the page shows
 */

/**
 * @typedef {object} Opened what was opened last on the page: a link, Back, or a file
 * @property {number} number
 * @property {Recipe} recipe
 * @property {number | null} epoch null where the run is to go on from where it is
 * @property {Partial<import("../look.js").Look>} look the fields that the link contains; the rest stays
 */

/**
 * @typedef {object} Report see `nnviz/ui/events.py`
 * @property {string} page the session that it answers
 * @property {number} number
 * @property {number} heard number of the last page change that the stage has applied
 * @property {[number: number, heard: number]} seen of the page's last message in this browser
 * @property {Recipe} recipe
 * @property {number} epoch
 * @property {number | null} sample
 * @property {number[] | null} point pinned, where that is no training point
 * @property {Experiment | null} experiment
 * @property {import("../compare/companions.js").Companion[]} beside runs side by side
 */

/** @type {Page} */
export const FIRST_PAGE = {
  id: null,
  applied: 0,
  follows: false,
  sample: null,
  experiment: null,
  epoch: 0,
  starts: 0,
  number: 0,
  heard: 0,
  content: "",
  recipe: "",
  beside: "[]",
  isDragging: false,
};

/**
 * Apply the parts of a page message that are newer than the state.
 * @param {StageState} state @param {PageMessage} message @returns {StageState}
 */
export function withPageMessage(state, message) {
  const { page, run } = state;
  // the server was restarted: the run here is reported to its new page, with all that the user did meanwhile
  if (page.id !== null && message.page !== page.id && run.recipe) return { ...state, page: unacknowledged(page) };
  if (message.number < page.applied || message.heard < page.heard) return state; // a later one came first
  const after = { ...state, page: received(page, message) };
  const { recipe, opened, beside = [] } = message;
  if (page.id === null && JSON.stringify([recipe, beside]) !== JSON.stringify([opened.recipe, opened.look.beside ?? []])) {
    return { ...after, run: started(run, recipe), pendingLook: { beside } }; // another stage was here before, and went on from what was opened
  }
  const isNew = opened.number > page.applied;
  const before = isNew ? opened.number : page.applied;
  const fields = Object.keys(message.changed).filter((field) => message.changed[field] > before);
  return withShownSample(withChanges(isNew ? withOpened(after, message, page.id === null) : after, fields, message), message);
}

/**
 * The training point that a panel shows is pinned, unless something is pinned or picked already.
 * @param {StageState} state @param {PageMessage} message @returns {StageState}
 */
function withShownSample(state, { sample }) {
  const isFree = state.page.sample === null && !state.look.probe;
  return sample !== null && isFree ? withSample(state, sample) : state;
}

/**
 * The page as a message shows it.
 * @param {Page} page @param {PageMessage} message @returns {Page}
 */
function received(page, message) {
  const follows = Boolean(message.follow);
  const isOpened = follows && !page.follows; // a panel, which is to show the run: it is reported again
  const after = withoutArrived(page, message.heard);
  return {
    ...after,
    id: message.page,
    applied: message.number,
    heard: message.heard,
    number: Math.max(page.number, message.heard), // where another stage was before this one
    recipe: JSON.stringify(message.recipe),
    beside: JSON.stringify(message.beside ?? []),
    follows,
    content: isOpened ? "" : after.content,
  };
}

/**
 * An experiment file that has arrived is not sent again with every later report.
 * @param {Page} page @param {number} heard @returns {Page}
 */
function withoutArrived(page, heard) {
  if (!page.experiment || heard < page.experiment.number) return page;
  const content = page.content && JSON.stringify({ ...JSON.parse(page.content), experiment: null });
  return { ...page, experiment: null, content };
}

/**
 * A page that may be a new one, as after a dropped connection: nothing has been reported to it.
 * @param {Page} page @returns {Page}
 */
export const unacknowledged = (page) => ({ ...page, heard: 0, content: "", recipe: "" });

/**
 * A link, Back, or an experiment file. Without an epoch the run goes on from where it is, if it can;
 * with the strokes of the link, if it has others.
 * @param {StageState} state @param {PageMessage} message
 * @param {boolean} isFirst whether the stage may have opened the same link before the page did
 * @returns {StageState}
 */
function withOpened(state, { opened: { recipe, epoch, look }, liveFields }, isFirst) {
  const { run } = state;
  const after = isOtherLook(look, state.look) ? { ...state, pendingLook: look } : state;
  if (epoch !== null) return { ...after, run: pausedAt(run, recipe, epoch) };
  if (!run.recipe) return { ...after, run: started(run, recipe) };
  const changed = differences(settings(run), recipe);
  if (!changed.every((field) => liveFields.includes(field))) return { ...after, run: started(run, recipe) };
  if (!isFirst && hasOtherStrokes(recipe, wholeRecipe(run))) return { ...after, run: { ...started(run, recipe, position(run)), playing: run.playing } };
  return changed.length ? { ...after, run: edited(run, changesTo(recipe, changed)) } : after;
}

/** Whether a recipe has strokes that another has not. @param {Recipe} recipe @param {Recipe} other */
function hasOtherStrokes(recipe, other) {
  const strokes = strokesUpTo(other);
  return strokesUpTo(recipe).some((stroke) => !strokes.includes(stroke));
}

/**
 * Whether a link contains more of the look than the runs side by side, or other ones.
 * @param {Partial<import("../look.js").Look>} look @param {import("../look.js").Look} shown
 */
const isOtherLook = ({ beside, ...look }, shown) =>
  Object.keys(look).length > 0 || (beside !== undefined && JSON.stringify(beside) !== JSON.stringify(shown.beside));

/**
 * Apply the fields that the user has changed in the sidebar, and the training point chosen there.
 * @param {StageState} state @param {string[]} fields @param {PageMessage} message @returns {StageState}
 */
function withChanges(state, fields, message) {
  const after = fields.includes("sample") ? withSample(state, message.sample) : state;
  const now = settings(after.run);
  const wanted = finalSettings(message.recipe);
  const changed = fields.filter((field) => field !== "sample" && JSON.stringify(now[field]) !== JSON.stringify(wanted[field]));
  if (!changed.length) return after;
  if (changed.every((field) => message.liveFields.includes(field))) {
    return { ...after, run: edited(after.run, changesTo(message.recipe, changed)) };
  }
  const recipe = JSON.parse(JSON.stringify({ ...now, ...Object.fromEntries(changed.map((field) => [field, wanted[field]])) })); // without undefined fields
  return { ...after, run: started(after.run, isOtherData(state, changed) ? recipe : startedAgain(wholeRecipe(after.run), recipe)) };
}

/**
 * Whether the points drawn do not belong to the data any more: a drawing has no others, and keeps them.
 * @param {StageState} state @param {string[]} changed fields
 */
const isOtherData = ({ scene }, changed) =>
  changed.some((field) => (scene?.nAtStart === 0 ? field === "data" : OF_DATA.includes(field)));

/**
 * The changes that give some fields the values of a recipe.
 * @param {Recipe} recipe @param {string[]} fields @returns {import("../run/changes.js").Change[]}
 */
function changesTo(recipe, fields) {
  const wanted = finalSettings(recipe);
  return fields.map((field) => ({ field, value: wanted[field] }));
}

/**
 * A training point is picked, and pinned where the data has it.
 * @param {StageState} state @param {number | null} sample @returns {StageState}
 */
export function withSample(state, sample) {
  const page = { ...state.page, sample };
  const { scene } = state;
  if (!scene || sample === null || sample >= scene.train.labels.length) return { ...state, page };
  return { ...state, page, hovered: null, look: { ...state.look, probe: sampleAt(scene, sample) } };
}

/**
 * A point is pinned that is no training point, or none any more.
 * @param {StageState} state @param {number[] | null} point @returns {StageState}
 */
export function withPin(state, point) {
  const page = point ? { ...state.page, sample: null } : state.page;
  return { ...state, page, hovered: null, look: { ...state.look, probe: point } };
}

/** The next report, with a new number where it is news. Called after every event. @param {StageState} state @returns {StageState} */
export function withReport(state) {
  const { page, run, pen } = state;
  if (!run.recipe || page.id === null || page.isDragging || pen.isDown) return state;
  const recipe = wholeRecipe(run);
  const isAtRest = !run.playing && !run.epochsToTrain && run.target === null;
  const before = page.starts === run.starts ? page.epoch : 0;
  const epoch = page.follows && isAtRest ? position(run) : before;
  const content = JSON.stringify({
    page: page.id, heard: page.applied, recipe, epoch, sample: page.sample, point: page.sample === null ? state.look.probe : null, experiment: page.experiment,
    beside: state.look.beside,
  });
  if (content === page.content) return state;
  const isKnown = page.number === page.heard && !page.follows && !page.experiment && JSON.stringify(recipe) === page.recipe && JSON.stringify(state.look.beside) === page.beside;
  const reported = { ...page, epoch, starts: run.starts, content };
  return { ...state, page: isKnown ? reported : { ...reported, number: page.number + 1 } };
}

/** The report that the page has not acknowledged yet. @param {Page} page @returns {Report | null} */
export function pendingReport({ number, heard, applied, content }) {
  return number > heard && content ? { ...JSON.parse(content), number, seen: [applied, heard] } : null;
}
