/** What people look at, by the names of links and files; and what a picture then has to hold. */

/**
 * @typedef {object} Look see `nnviz/look.py` for what each may be, and for what it is at first
 * @property {string} view
 * @property {number} class
 * @property {number} threshold
 * @property {boolean} rings
 * @property {string} points
 * @property {[number, number]?} unit in the place of the field
 * @property {[number, number]?} probe the point pinned
 * @property {string} tab
 * @property {boolean} log_loss
 * @property {boolean} log_epochs
 * @property {number} pace epochs a frame
 * @property {number?} stop_epoch
 * @property {number?} stop_loss
 * @property {number?} stop_patience
 */

/** @typedef {Object<string, {twoClasses: boolean}>} Views by their names; whether each is for two classes only */
/** @typedef {{sizes: number[], inputs: string[], classNames: string[]}} Net */

/** The look of a link or a file: a unit is found, and let go, in the diagram. @param {Look} look @returns {Look} */
export const lookOf = (look) => (look.unit ? { ...look, tab: "network" } : look);

/** Another network: what it has not got is no longer looked at. @param {Look} look @param {Net} net @param {Views} views */
export function fitted(look, { classNames, sizes }, views) {
  const { unit } = look;
  const hasUnit = unit && unit[0] < sizes.length && unit[1] < sizes[unit[0]];
  return {
    ...look,
    view: views[look.view].twoClasses && classNames.length !== 2 ? Object.keys(views)[0] : look.view,
    class: look.class < classNames.length ? look.class : 0,
    unit: hasUnit ? unit : null,
  };
}

/** The rules by which a run stops by itself, those that are set; see `run/stops.js`. @param {Look} look */
export function rulesOf({ stop_epoch, stop_loss, stop_patience }) {
  const rules = { epoch: stop_epoch, loss: stop_loss, patience: stop_patience };
  return Object.fromEntries(Object.entries(rules).filter(([, value]) => value !== null));
}

/** Whether classes are predicted at the threshold chosen. @param {Look} look @param {Views} views */
export const isAtThreshold = ({ view }, views) => views[view].twoClasses;

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
    ...(isCut || look.rings ? { predicted: true } : {}),
    ...(look.unit ? { unit: look.unit } : {}),
    ...(isOfNet && look.tab === "network" && units.network ? { network: units.network } : {}),
    ...(isOfNet && look.tab === "space" && units.space ? { space: units.space } : {}),
  };
}
