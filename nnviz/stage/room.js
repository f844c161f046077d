/** How the parts of the stage are laid out, by the room there is: `layout.css` has the rest. Pure. */

/**
 * - `narrow`: a phone, one column of small buttons
 * - `upright`: one column, the plot as wide as the page
 * - `short`: a window of little height, the plot at the left of everything else
 * - `beside`: the panels beside the plot, the controls above
 * - `broad`: the controls beside the plot too, which is as high as the page
 * - `wide`: the plot, a panel and the curves side by side
 * @typedef {"narrow" | "upright" | "short" | "beside" | "broad" | "wide"} Room
 */

const SHORT = 540; // CSS pixels of height, as below of width
const NARROW = 560;
const BESIDE = 780;
const BROAD = 1150;
const WIDE = 1500;

/**
 * @param {number} width of the stage @param {number} height of the window, both in CSS pixels
 * @returns {Room}
 */
export function roomOf(width, height) {
  if (height < SHORT && width > height) return "short";
  if (width < NARROW) return "narrow";
  if (width < BESIDE && width < height) return "upright";
  if (width < BROAD) return "beside";
  return width < WIDE ? "broad" : "wide";
}

/**
 * The panels shown: the tab chosen, and in a wide room the curves beside another one.
 * @param {string} tab @param {Room} room @returns {string[]}
 */
export function panelsShown(tab, room) {
  if (room !== "wide") return [tab];
  return [tab === "curves" ? "network" : tab, "curves"];
}
