/**
 * What the stage knows of the page around it, and what it has to tell it. Pure.
 *
 * Messages go both ways with numbers. The page numbers what people do there; each field that they
 * changed carries the number of that change, so the newest counts however late it comes, and
 * nothing is done twice. The stage numbers its reports, and repeats the last one until the page
 * says that it has it.
 */

import { differences, folded } from "../run/recipes.js";
import { edited, position, settings, started, visited, wholeRecipe } from "../run/run-state.js";
import { sampleAt } from "../plane/scene.js";

/**
 * @typedef {object} Page
 * @property {string?} id of the page's session: another one after a restart of the server
 * @property {number} applied number of the last thing done on the page that counts here
 * @property {boolean} follows whether it wants to know where the run rests
 * @property {number?} sample the training point that is picked
 * @property {{number: number, text: string}?} experiment a file that was opened here
 * @property {number} epoch where the run rested last, as far as the page was told
 * @property {number} starts how many runs had begun then
 * @property {number} number of the last report
 * @property {number} heard of the last report that the page has
 * @property {string} content of the last report, as JSON
 * @property {string} says the recipe that the page says itself, as JSON
 * @property {boolean} held whether something is being dragged: told when it is let go
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
  says: "",
  held: false,
};

/**
 * A message of the page: what it asks for that is newer than what counts here already.
 * @param {object} state of the stage @param {object} data see `ui/stage.py`
 */
export function heardOfPage(state, data) {
  const { page, run } = state;
  if (page.id !== null && data.page !== page.id && run.recipe) return withAnotherPage(state);
  if (data.number < page.applied || data.heard < page.heard) return state; // overtaken by a later one
  const follows = Boolean(data.follow);
  const known = {
    ...withoutHeard(page, data.heard), id: data.page, applied: data.number, heard: data.heard,
    number: Math.max(page.number, data.heard), // where another stage was before this one
    says: JSON.stringify(data.recipe),
    follows, ...(follows && !page.follows ? { content: "" } : {}), // a panel was opened, which is to show the run
  };
  const there = { ...state, page: known };
  if (page.id === null && JSON.stringify(data.recipe) !== JSON.stringify(data.opened.recipe)) {
    return { ...there, run: started(run, data.recipe) }; // another stage was here before, and went on from what was opened
  }
  const isNew = data.opened.number > page.applied;
  const before = isNew ? data.opened.number : page.applied;
  const fields = Object.keys(data.changed).filter((field) => data.changed[field] > before);
  return withChanges(isNew ? withOpened(there, data.opened, data.liveFields) : there, fields, data);
}

/** A file that has arrived is not sent again with every later report. */
function withoutHeard(page, heard) {
  if (!page.experiment || heard < page.experiment.number) return page;
  const content = page.content && JSON.stringify({ ...JSON.parse(page.content), experiment: null });
  return { ...page, experiment: null, content };
}

/** The server was restarted: its new page is told the run here, with all that people did meanwhile. */
const withAnotherPage = (state) => ({ ...state, page: unheard(state.page) });

/** The connection has dropped: the page that comes after may be another. @param {Page} page @returns {Page} */
export const unheard = (page) => ({ ...page, heard: 0, content: "", says: "" });

/** A link, Back, or an experiment file. Without an epoch the run goes on where it is, if it can. */
function withOpened(state, { recipe, epoch, look }, liveFields) {
  const { run } = state;
  const seen = Object.keys(look).length ? { ...state, asked: look } : state;
  if (epoch !== null) return { ...seen, run: visited(run, recipe, epoch) };
  if (!run.recipe) return { ...seen, run: started(run, recipe) };
  const changed = differences(settings(run), recipe);
  if (!changed.every((field) => liveFields.includes(field))) return { ...seen, run: started(run, recipe) };
  return changed.length ? { ...seen, run: edited(run, valuesOf(changed, recipe)) } : seen;
}

/** Fields that people have changed in the sidebar, and the training point that they have chosen there. */
function withChanges(state, fields, data) {
  const there = fields.includes("sample") ? withSample(state, data.sample) : state;
  const now = settings(there.run);
  const wanted = folded(data.recipe);
  const changed = fields.filter((field) => field !== "sample" && JSON.stringify(now[field]) !== JSON.stringify(wanted[field]));
  if (!changed.length) return there;
  if (changed.every((field) => data.liveFields.includes(field))) {
    return { ...there, run: edited(there.run, valuesOf(changed, wanted)) };
  }
  const next = { ...now, ...Object.fromEntries(changed.map((field) => [field, wanted[field]])) };
  return { ...there, run: started(there.run, JSON.parse(JSON.stringify(next))) }; // without what is undefined
}

/** A training point is picked, and pinned where it is there. */
export function withSample(state, sample) {
  const page = { ...state.page, sample };
  const isThere = state.scene && sample !== null && sample < state.scene.train.labels.length;
  if (!isThere) return { ...state, page };
  return { ...state, page, hovered: null, look: { ...state.look, probe: sampleAt(state.scene, sample) } };
}

const valuesOf = (fields, recipe) => {
  const ends = folded(recipe);
  return fields.map((field) => ({ field, value: ends[field] }));
};

/** What the page is to be told, numbered where it is news. Called after every event. */
export function withReport(state) {
  const { page, run } = state;
  if (!run.recipe || page.id === null || page.held) return state;
  const isAtRest = !run.playing && !run.steps && run.target === null;
  const before = page.starts === run.starts ? page.epoch : 0;
  const epoch = page.follows && isAtRest ? position(run) : before;
  const content = JSON.stringify({
    page: page.id, heard: page.applied, recipe: wholeRecipe(run), epoch, sample: page.sample, experiment: page.experiment,
  });
  if (content === page.content) return state;
  const isSaidAlready = page.number === page.heard && !page.follows && !page.experiment && JSON.stringify(wholeRecipe(run)) === page.says;
  const told = { ...page, epoch, starts: run.starts, content };
  return { ...state, page: isSaidAlready ? told : { ...told, number: page.number + 1 } };
}

/**
 * The report that the page does not have yet, and what this browser has had of the page.
 * @param {Page} page @returns {object?}
 */
export function pendingReport({ number, heard, applied, content }) {
  return number > heard && content ? { ...JSON.parse(content), number, seen: [applied, heard] } : null;
}
