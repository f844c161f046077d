/** What people look at, by the names of links and files; and what a picture then has to hold. */

import { classOf } from "./names.js";

/** See `nnviz/views.py` for what each may be. */
export const FIRST_LOOK = {
  view: "blend",
  class: 0,
  threshold: 0.5,
  rings: false,
  points: "both",
  unit: null, // [layer, unit] in the place of the field
  probe: null, // the point pinned
  tab: "curves",
  log_loss: false,
  log_epochs: false,
  pace: 5, // epochs a frame
  stop_epoch: null,
  stop_loss: null,
  stop_patience: null,
};

/** @typedef {typeof FIRST_LOOK} Look */
/** @typedef {Object<string, {pair: boolean}>} Views by their names; whether each is for two classes only */
/** @typedef {{sizes: number[], inputs: string[], classNames: string[]}} Net */

/**
 * The look of a link or a file. A unit is found, and let go, in the diagram.
 * @param {Partial<Look>} named what it says @returns {Look}
 */
export function lookOf(named) {
  const known = Object.fromEntries(Object.entries(named).filter(([name]) => name in FIRST_LOOK));
  const look = { ...FIRST_LOOK, ...known };
  return look.unit ? { ...look, tab: "network" } : look;
}

/** Another network: what it has not got is no longer looked at. @param {Look} look @param {Net} net @param {Views} views */
export function fitted(look, { classNames, sizes }, views) {
  const { unit } = look;
  const hasUnit = unit && unit[0] < sizes.length && unit[1] < sizes[unit[0]];
  return {
    ...look,
    view: views[look.view].pair && classNames.length !== 2 ? FIRST_LOOK.view : look.view,
    class: look.class < classNames.length ? look.class : 0,
    unit: hasUnit ? unit : null,
  };
}

/** The rules by which a run stops by itself; see `stops.js`. @param {Look} look */
export const rulesOf = ({ stop_epoch, stop_loss, stop_patience }) => ({
  epoch: stop_epoch ?? undefined, loss: stop_loss ?? undefined, patience: stop_patience ?? undefined,
});

/** Whether classes are predicted at the threshold chosen. @param {Look} look @param {Views} views */
export const isAtThreshold = ({ view }, views) => views[view].pair;

/** Whether the surface stands in the place of the plot. @param {Look} look */
export const isSurface = ({ view, unit }) => view === "surface" && !unit;

/**
 * Fields of a request for a picture, see `live/requests.py`. Units are named only of the network
 * that they were chosen in.
 *
 * @param {Look} look
 * @param {{sizes: number[], network?: number[][], space?: number[]} | null} units which units the
 *   panels show, and of what network
 * @param {Net | null} net of the run
 * @param {Views} views
 */
export function pictureOf(look, units, net, views) {
  if (!net) return {};
  const isCut = isAtThreshold(look, views);
  const isOfNet = String(units?.sizes) === String(net.sizes);
  return {
    ...(isCut ? { threshold: look.threshold } : {}),
    ...(isCut || look.rings ? { called: true } : {}),
    ...(look.unit ? { unit: look.unit } : {}),
    ...(isOfNet && look.tab === "network" && units.network ? { network: units.network } : {}),
    ...(isOfNet && look.tab === "space" && units.space ? { space: units.space } : {}),
  };
}

/** The look as the plane is painted: an output unit is its class. @param {Look} look @param {Net?} net */
export function paintedView(look, net) {
  const view = {
    mode: look.view, klass: look.class, threshold: look.threshold, rings: look.rings, parts: look.points, unit: look.unit,
  };
  const { unit } = look;
  if (!net || !unit || unit[0] < net.sizes.length - 1) return view;
  return { ...view, unit: null, mode: "class", klass: classOf(unit[1], net) };
}
