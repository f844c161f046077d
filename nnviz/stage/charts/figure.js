/** What all Plotly figures of the stage share. */

/**
 * @typedef {import("./plotly-loader.js").Plotly} Plotly
 * @typedef {import("../plane/plane.js").Theme} Theme
 */

/** @type {Object<string, string>} */
const MARKUP = { "&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&#36;" };

/**
 * A text that Plotly writes as it stands: in all its texts it reads tags, entities, and TeX
 * between dollar signs.
 * @param {string} text
 */
export const plain = (text) => String(text).replace(/[&<>$]/g, (letter) => MARKUP[letter]);

/**
 * Free Plotly's listeners and memory of an element when the signal is aborted.
 * @param {Plotly} plotly @param {Element} element @param {AbortSignal} signal
 */
export function purgeAtEnd(plotly, element, signal) {
  signal.addEventListener("abort", () => plotly.purge(element));
}

export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const STILL = { fixedrange: true, zeroline: false, automargin: false };

/** @param {Element} element */
export const size = (element) => ({ width: element.clientWidth, height: element.clientHeight });

/**
 * A layout with the element's size and the theme's colours.
 * @param {Element} element @param {Theme} theme @param {object} layout
 */
export const base = (element, theme, layout) => ({
  ...size(element),
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: theme.font, color: theme.ink, size: 13 },
  hovermode: false,
  dragmode: false,
  ...layout,
});

/** @param {Theme} theme @param {{title?: object, [attribute: string]: unknown}} attributes */
export const axis = (theme, attributes) => ({
  ...STILL,
  gridcolor: theme.grid,
  linecolor: theme.grid,
  ...attributes,
  title: { standoff: 6, ...attributes.title },
});

/**
 * Show new data without a new layout: half the work of a restyle, as axes and legend stay.
 * @param {Plotly} plotly @param {Element} element
 * @param {object[]} data new attributes, one object a trace
 */
export function renew(plotly, element, data) {
  const atOnce = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const traces = data.map((_, i) => i);
  plotly.animate(element, { data, traces }, atOnce).catch(() => {}); // the next data came first
}
