/** Mounts parallel axes in a Streamlit page, and draws them on either page. */

import { loadPlotly } from "../charts/plotly-loader.js";
import { base } from "./addresses.js";
import { themed, themeOf, watchTheme } from "./theme.js";

/** @typedef {import("../charts/axis-order.js").ParallelFigure} ParallelFigure */

/** What ends each mounted component, and the figure in it. @type {WeakMap<Element, {controller: AbortController, figure: string}>} */
const shown = new WeakMap();

/**
 * Called when the component is mounted and after every rerun.
 * @param {{parentElement: HTMLElement, data: {figure: string, alt: string, files: string}}} component
 */
export function renderAxes({ parentElement, data: { figure, alt, files } }) {
  if (shown.get(parentElement)?.figure === figure) return;
  disposeAxes({ parentElement });
  const controller = new AbortController();
  shown.set(parentElement, { controller, figure });
  const root = document.createElement("div");
  parentElement.append(root);
  drawAxes(root, JSON.parse(figure), alt, `${base()}/${files}`, controller.signal);
}

/** Called by Streamlit when the component is removed. @param {{parentElement: HTMLElement}} component */
export function disposeAxes({ parentElement }) {
  shown.get(parentElement)?.controller.abort();
  shown.delete(parentElement);
  parentElement.replaceChildren();
}

/**
 * Where Plotly cannot be loaded, the description stands in its place.
 * @param {HTMLElement} root @param {ParallelFigure} figure @param {string} alt its description
 * @param {string} files address of the stage's files @param {AbortSignal} signal
 */
export function drawAxes(root, figure, alt, files, signal) {
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", alt);
  root.style.minHeight = `${figure.layout.height}px`;
  Promise.all([import("../charts/parallel-axes.js"), loadPlotly(files)]).then(([{ ParallelAxes }, plotly]) => {
    const axes = new ParallelAxes(root, plotly, figure, (layout) => themed(layout, themeOf(root)), signal);
    watchTheme(root, () => axes.ask(), signal);
  }).catch(() => root.replaceChildren(alt));
}
