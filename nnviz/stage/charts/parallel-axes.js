/**
 * Runs on parallel axes, which are moved by their titles: dragged, or by arrow keys. Plotly's own such
 * chart writes scripts for WebGL, which the page's policy forbids.
 */

import { arranged, movedTo, placesOf } from "./axis-order.js";

/**
 * @typedef {import("./axis-order.js").ParallelFigure} ParallelFigure
 * @typedef {import("./plotly-loader.js").Plotly} Plotly
 */

const CONFIG = { displayModeBar: false, scrollZoom: false };
const HELP = "Drag it, or press the left or right arrow key, to move this axis.";
const TITLES = 44; // pixels above the axes
const STYLES = `
.nnviz-parallel { position: relative; }
.nnviz-parallel button {
  background: none; border: 0; border-radius: 0.25rem; color: inherit; cursor: grab; font: inherit; font-size: 0.85rem; font-weight: 600;
  line-height: 1.15; max-width: calc(96% / var(--axes)); min-height: ${TITLES - 6}px; min-width: 24px; overflow-wrap: anywhere; padding: 0 2px;
  position: absolute; top: 0; touch-action: none; transform: translateX(-50%); user-select: none; -webkit-user-select: none; width: max-content;
}
.nnviz-parallel button:hover { background: rgba(128, 128, 128, 0.15); }
.nnviz-parallel button:active { cursor: grabbing; }
.nnviz-parallel button:focus-visible { outline: 3px solid; outline-offset: -2px; }`;

export class ParallelAxes {
  /** The axis that is being dragged, and where it is. @type {{axis: number, at: number} | null} */
  dragged = null;
  /** Whether a picture is asked for already. */
  isDue = false;

  /**
   * @param {HTMLElement} root @param {Plotly} plotly @param {ParallelFigure} figure
   * @param {(layout: ParallelFigure["layout"]) => object} themed the layout in the colours of the page
   * @param {AbortSignal} signal
   */
  constructor(root, plotly, figure, themed, signal) {
    this.plotly = plotly;
    this.figure = figure;
    this.themed = themed;
    this.names = figure.layout.xaxis.ticktext;
    /** Axes from left to right. */
    this.order = this.names.map((_, axis) => axis);
    this.plot = /** @type {import("./plotly-loader.js").FigureElement} */ (document.createElement("div"));
    this.titles = this.names.map((name, axis) => this.titleOf(name, axis));
    root.classList.add("nnviz-parallel");
    root.style.setProperty("--axes", String(this.names.length));
    root.append(Object.assign(document.createElement("style"), { textContent: STYLES }), this.plot, ...this.titles);
    const observer = new ResizeObserver(() => this.ask());
    observer.observe(root);
    signal.addEventListener("abort", () => {
      observer.disconnect();
      plotly.purge(this.plot);
    });
  }

  /** @param {string} name as Plotly reads it, with entities @param {number} axis */
  titleOf(name, axis) {
    const title = document.createElement("button");
    Object.assign(title, { type: "button", title: HELP, innerHTML: name.replaceAll("<", "&lt;") });
    title.addEventListener("keydown", (event) => this.press(event, axis));
    title.addEventListener("pointerdown", (event) => this.drag(event, axis));
    return title;
  }

  /** @param {KeyboardEvent} event @param {number} axis */
  press(event, axis) {
    const place = this.order.indexOf(axis);
    const last = this.order.length - 1;
    const to = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation(); // no step of the run
    this.order = movedTo(this.order, axis, Math.max(0, Math.min(to, last)));
    this.ask();
  }

  /** Follow the pointer until it is released. @param {PointerEvent} event @param {number} axis */
  drag(event, axis) {
    const title = this.titles[axis];
    if (event.button) return;
    title.setPointerCapture(event.pointerId);
    const ended = new AbortController();
    /** @param {PointerEvent} event */
    const follow = ({ clientX }) => {
      const at = this.placeAt(clientX);
      this.order = movedTo(this.order, axis, Math.round(at));
      this.dragged = { axis, at };
      this.ask();
    };
    const release = () => {
      ended.abort();
      this.dragged = null;
      this.ask();
    };
    title.addEventListener("pointermove", follow, { signal: ended.signal });
    for (const type of ["pointerup", "pointercancel"]) title.addEventListener(type, release, { signal: ended.signal });
  }

  /** @param {number} clientX @returns {number} a place between the first and the last axis */
  placeAt(clientX) {
    const axis = this.plot._fullLayout?.xaxis;
    if (!axis) return 0;
    const { left } = this.plot.getBoundingClientRect();
    return Math.max(0, Math.min(axis.p2d(clientX - left - axis._offset), this.order.length - 1));
  }

  /** Draw before the next frame, however often it is asked for. */
  ask() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      if (this.plot.clientWidth) this.draw();
    });
  }

  /** The axes where they are; while one is dragged without markers, which take a multiple of the time. */
  draw() {
    const places = placesOf(this.order, this.dragged);
    const { data, layout } = arranged(this.figure, this.order, places);
    const lines = this.dragged ? data.map((trace) => ({ ...trace, mode: "lines" })) : data;
    const { xaxis, ...shown } = /** @type {{xaxis: object}} */ (this.themed(layout));
    const bare = { ...xaxis, showticklabels: false, showline: false, fixedrange: true };
    this.plotly.react(this.plot, lines, { ...shown, xaxis: bare, width: this.plot.clientWidth, margin: { l: 20, r: 20, t: TITLES, b: 10 }, dragmode: false }, CONFIG);
    this.showTitles(places);
  }

  /** @param {number[]} places */
  showTitles(places) {
    const axis = this.plot._fullLayout?.xaxis;
    this.titles.forEach((title, i) => {
      if (axis) title.style.left = `${axis._offset + axis.d2p(places[i])}px`;
      const place = this.order.indexOf(i) + 1;
      title.setAttribute("aria-label", `${title.textContent}, axis ${place} of ${this.order.length}`);
    });
    if (!this.dragged) this.sort();
  }

  /** Tab goes from left to right; a title with the focus stays in its place of the document, not to lose it. */
  sort() {
    const titles = this.order.map((axis) => this.titles[axis]);
    const focused = titles.findIndex((title) => title === document.activeElement);
    if (focused < 0) return this.plot.after(...titles);
    titles[focused].before(...titles.slice(0, focused));
    titles[focused].after(...titles.slice(focused + 1));
  }
}
