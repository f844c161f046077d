/** What all Plotly figures of the stage share. */

const MARKUP = { "&": "&amp;", "<": "&lt;", ">": "&gt;", $: "&#36;" };

/**
 * A text that Plotly writes as it stands. In all its texts it reads tags and entities, and TeX
 * between dollars.
 * @param {string} text
 */
export const plain = (text) => String(text).replace(/[&<>$]/g, (letter) => MARKUP[letter]);

/** Let Plotly go of an element, its listeners and its graphics card. @param {AbortSignal} signal */
export function purgeAtEnd(plotly, element, signal) {
  signal.addEventListener("abort", () => plotly.purge(element));
}

export const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const STILL = { fixedrange: true, zeroline: false, automargin: false };

export const size = (element) => ({ width: element.clientWidth, height: element.clientHeight });

export const base = (element, theme, layout) => ({
  ...size(element),
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: theme.font, color: theme.ink, size: 13 },
  hovermode: false,
  dragmode: false,
  ...layout,
});

export const axis = (theme, more) => ({
  ...STILL,
  gridcolor: theme.grid,
  linecolor: theme.grid,
  ...more,
  title: { standoff: 6, ...more.title },
});

/**
 * New data without a new layout: half the work of a restyle, as axes and legend stay.
 * @param {object[]} data new attributes, one object a trace
 */
export function renew(plotly, element, data) {
  const atOnce = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const traces = data.map((_, i) => i);
  plotly.animate(element, { data, traces }, atOnce).catch(() => {}); // overtaken by the next
}
