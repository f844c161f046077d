/**
 * Many starts beside the plot: small pictures of runs that differ from the one shown in a seed, at the
 * same epoch. A click on one makes it the run.
 */

import { all, one } from "../controls/elements.js";
import { channels } from "../plane/views.js";
import { histogram } from "./histogram.js";
import { ACCURACY, described, judged, LOSS, orderOf, percent, reachable, roundedUp, summary } from "./summary.js";

/** @typedef {import("./summary.js").StartsHeader} StartsHeader */
/** @typedef {import("../plane/plane.js").Frame} Frame */

const CLEAR = 31; // see `nnviz/analysis/miniatures.py`
const PALE = 0.25; // opacity where all classes are as probable
const FULL = 0.75; // and where one is certain

export class StartsPanel {
  /** The colour of every byte of a picture. @type {Uint32Array} */
  colours = new Uint32Array(256);
  /** The frame painted last, with the starts in it. @type {Frame | undefined} */
  frame;
  /** Of the run shown. @type {import("../run/recipes.js").Recipe | undefined} */
  recipe;
  /** The place in the grid that the keys are at: the only tab stop there. */
  place = 0;
  /** Whether the accuracy to reach was typed. */
  isTyped = false;

  /**
   * @param {HTMLElement} element
   * @param {object} on
   * @param {() => void} on.changed others are wanted
   * @param {(field: "seed" | "data_seed", seed: number) => void} on.start one becomes the run
   * @param {AbortSignal} signal
   */
  constructor(element, on, signal) {
    this.element = element;
    this.on = on;
    /** @param {string} name */
    const choice = (name) => one(element, `[data-starts=${name}]`, HTMLSelectElement);
    this.count = choice("count");
    this.varied = choice("varied");
    this.order = choice("order");
    this.target = one(element, "[data-starts=target]", HTMLInputElement);
    this.sentence = all(element, ".nnviz-starts-sum span", HTMLElement);
    this.grid = one(element, ".nnviz-starts-grid", HTMLElement);
    this.histograms = one(element, ".nnviz-starts-histograms", HTMLElement);
    for (const select of [this.count, this.varied]) select.addEventListener("change", () => on.changed(), { signal });
    this.order.addEventListener("change", () => this.write(), { signal });
    this.target.addEventListener("change", () => {
      this.isTyped = this.target.value.trim() !== "";
      this.write();
    }, { signal });
    this.target.addEventListener("blur", () => this.write(), { signal });
    this.grid.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (button) on.start(this.varied.value === "seed" ? "seed" : "data_seed", Number(button.dataset.seed));
    }, { signal });
    this.grid.addEventListener("keydown", (event) => this.move(event), { signal });
    this.grid.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLButtonElement) this.stopAt(this.buttons.indexOf(target));
    }, { signal });
  }

  get buttons() {
    return all(this.grid, "button", HTMLButtonElement);
  }

  /** Arrow keys move in the grid. @param {KeyboardEvent} event */
  move(event) {
    const { buttons } = this;
    const side = Math.sqrt(buttons.length);
    const { key } = event;
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -side, ArrowDown: side }[key];
    const to = { Home: 0, End: buttons.length - 1 }[key] ?? (by === undefined ? undefined : this.place + by);
    if (to === undefined) return;
    event.preventDefault();
    if (buttons[to] && !buttons[to].hidden) buttons[to].focus();
  }

  /** @param {number} place */
  stopAt(place) {
    this.place = place;
    this.buttons.forEach((button, i) => (button.tabIndex = i === place ? 0 : -1));
  }

  /** Fields of a request. @returns {{starts: number, varied: string}} */
  get wanted() {
    return { starts: Number(this.count.value), varied: this.varied.value };
  }

  /** @param {import("../plane/plane.js").Style[]} styles one per class @param {import("../plane/plane.js").Theme} theme */
  prepare(styles, theme) {
    const paper = channels(theme.paper);
    styles.forEach(({ colour }, k) => {
      for (let clear = 0; clear <= CLEAR; clear++) {
        const opacity = PALE + ((FULL - PALE) * clear) / CLEAR;
        const [r, g, b] = channels(colour).map((part, i) => Math.round(opacity * part + (1 - opacity) * paper[i]));
        this.colours[k * (CLEAR + 1) + clear] = (255 << 24) | (b << 16) | (g << 8) | r; // in memory: r, g, b, opaque
      }
    });
    if (this.frame) this.write();
  }

  /** @param {Frame} frame @param {import("../run/recipes.js").Recipe} recipe of the run shown */
  paint(frame, recipe) {
    const { starts, startsPictures } = frame;
    if (!starts || !startsPictures || starts.varied !== this.varied.value || starts.count !== Number(this.count.value)) return;
    this.frame = frame;
    this.recipe = recipe;
    this.write();
  }

  write() {
    const { starts: header, startsPictures } = this.frame ?? {};
    if (!header || !startsPictures) return;
    const share = this.share(header);
    const starts = judged(header, share);
    const [, rows, columns] = startsPictures.shape;
    const size = rows * columns;
    const order = orderOf(starts, this.order.value);
    this.fit(starts.count, rows, columns);
    this.buttons.forEach((button, place) => {
      const i = order[place];
      button.hidden = i === undefined && button !== document.activeElement; // which would lose the focus
      if (i === undefined) return;
      this.draw(button.firstElementChild, startsPictures.data.subarray(i * size, (i + 1) * size), rows, columns);
      button.dataset.seed = String(starts.seeds[i]);
      button.setAttribute("aria-label", described(starts, i));
      button.title = `${described(starts, i)}. A click makes it the run.`;
      button.toggleAttribute("data-stuck", starts.stuck[i]);
      button.setAttribute("aria-current", String(this.recipe?.[starts.varied] === starts.seeds[i]));
    });
    summary(starts, share).forEach((text, i) => (this.sentence[i].textContent = text));
    this.histograms.innerHTML = this.drawn(starts, share);
  }

  /** As many buttons as there are starts. @param {number} count @param {number} rows @param {number} columns of each picture */
  fit(count, rows, columns) {
    if (this.grid.childElementCount === count) return;
    this.grid.style.setProperty("--side", String(Math.sqrt(count)));
    const button = `<li><button type="button"><canvas width="${columns}" height="${rows}"></canvas></button></li>`;
    this.grid.innerHTML = button.repeat(count);
    this.stopAt(0);
  }

  /** @param {Element?} canvas @param {Uint8Array} picture first row at the bottom @param {number} rows @param {number} columns */
  draw(canvas, picture, rows, columns) {
    const context = canvas instanceof HTMLCanvasElement ? canvas.getContext("2d") : null;
    if (!context) return;
    const image = context.createImageData(columns, rows);
    const pixels = new Uint32Array(image.data.buffer);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        pixels[(rows - 1 - row) * columns + column] = this.colours[picture[row * columns + column]];
      }
    }
    context.putImageData(image, 0, 0);
  }

  /** The training accuracy to be reached, 0…1: as typed, or what some of them do reach. @param {StartsHeader} starts */
  share(starts) {
    const ready = reachable(starts);
    if (!this.isTyped && document.activeElement !== this.target) this.target.value = String(ready);
    const share = Number(this.target.value.replace(",", ".").replace("%", "")) / 100;
    const isValid = this.target.value.trim() !== "" && share >= 0 && share <= 1;
    this.target.setAttribute("aria-invalid", String(this.isTyped && !isValid));
    return isValid ? share : ready / 100;
  }

  /** Both histograms. @param {StartsHeader} starts @param {number} share to be reached, 0…1 */
  drawn({ metrics, stuck }, share) {
    /** @param {number} column */
    const of = (column) => metrics.flatMap((row, i) => {
      const value = row[column];
      return value === null ? [] : [{ value, isStuck: stuck[i] }];
    });
    const high = roundedUp(Math.max(1e-9, ...of(LOSS).map(({ value }) => value)));
    return histogram("training loss", of(LOSS), high, (value) => String(Number(value.toPrecision(3))))
      + histogram("training accuracy", of(ACCURACY), 1, percent, share);
  }
}
