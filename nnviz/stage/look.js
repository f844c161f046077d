/** The look: what the user chooses to see of a run, by the names of links and files. Pure. */

import { keyOf } from "./compare/companions.js";

/**
 * @typedef {object} Look see `nnviz/recipe/look.py` for what each may be, and for what it is at first
 * @property {string} view
 * @property {number} class
 * @property {number} threshold
 * @property {boolean} rings
 * @property {string} points
 * @property {[number, number] | null} unit shown instead of the field
 * @property {number[] | null} probe the point pinned
 * @property {string} tab
 * @property {boolean} log_loss
 * @property {boolean} log_epochs
 * @property {boolean} projector
 * @property {number} pace epochs per frame; 0 is slow
 * @property {number | null} stop_epoch
 * @property {number | null} stop_loss
 * @property {number | null} stop_patience
 * @property {import("./compare/companions.js").Companion[]} beside runs side by side
 */

/** @typedef {{label: string, description: string, parameter: string | null, twoClasses: boolean, scale: [string, string] | null}} View see `nnviz/choices/views.py` */
/** @typedef {Object<string, View>} Views by their names */

/**
 * @typedef {object} Net the network of a run
 * @property {number[]} sizes units of every layer, inputs first
 * @property {string[]} inputs their names
 * @property {string[]} classNames
 * @property {string} activation of the hidden layers, such as tanh
 * @property {string} output such as softmax
 * @property {boolean} standardise whether features are standardised before they become inputs
 */

/**
 * @typedef {object} Units which units the panels show, and of what network
 * @property {number[]} sizes
 * @property {[first: number, count: number][]} [network] of every layer, in the diagram
 * @property {number[]} [space] a layer and two of its units, the axes of the warped space
 * @property {number} [starts] how many runs with other seeds
 * @property {string} [varied] the seed in which they differ
 */

/** The look of a link or a file: a unit is pinned and unpinned in the diagram. @param {Look} look @returns {Look} */
export const lookOf = (look) => (look.unit ? { ...look, tab: "network" } : look);

/**
 * The look with another network, without the classes and units that this does not have.
 * @param {Look} look @param {Net} net @param {Views} views @returns {Look}
 */
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

/**
 * The rules by which a run stops by itself, those that are set.
 * @param {Look} look @returns {import("./run/stops.js").Rules}
 */
export function rulesOf({ stop_epoch, stop_loss, stop_patience }) {
  const rules = { epoch: stop_epoch, loss: stop_loss, patience: stop_patience };
  return Object.fromEntries(Object.entries(rules).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

/** Whether classes are predicted at the threshold chosen. @param {Look} look @param {Views} views */
export const isAtThreshold = ({ view }, views) => views[view].twoClasses;

/** Whether the surface is shown instead of the plane. @param {Look} look */
export const isSurface = ({ view, unit }) => view === "surface" && !unit;

/**
 * What a picture has to hold, as fields of a request. Units are named only of the network that they
 * were chosen in.
 * @param {Look} look @param {Units | null} units @param {Net | null} net of the run @param {Views} views
 * @param {string[]} panels that are shown
 * @returns {import("./run/requests.js").PictureFields}
 */
export function pictureOf(look, units, net, views, panels) {
  if (!net) return {};
  const compared = keyOf(look.beside);
  const isCut = isAtThreshold(look, views);
  const ofNet = units && String(units.sizes) === String(net.sizes) ? units : null;
  return {
    ...(isCut ? { threshold: look.threshold } : {}),
    ...(isCut || look.rings ? { predicted: true } : {}),
    ...(look.unit ? { unit: look.unit } : {}),
    ...(panels.includes("network") && ofNet?.network ? { network: ofNet.network } : {}),
    ...(panels.includes("space") && ofNet?.space ? { space: ofNet.space } : {}),
    ...(panels.includes("starts") && ofNet?.starts ? { starts: ofNet.starts, varied: ofNet.varied } : {}),
    ...(compared ? { compared } : {}),
  };
}
