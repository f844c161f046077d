/** A setting over a wide range: a slider over some values, the stops, and a field for any value between. */

import { one } from "./elements.js";

/**
 * @typedef {number | null} DialValue null only where it is one of the stops
 *
 * @typedef {object} DialWidget see `Widget` in `nnviz/recipe/form.py`
 * @property {string} field
 * @property {string} label
 * @property {string} help
 * @property {DialValue} value
 * @property {[value: DialValue, text: string][]} options the stops, null last
 * @property {number} low
 * @property {number} high
 * @property {boolean} whole
 * @property {string} rule what a value must be, in words
 */

const MARKUP = `<label><span></span><input type="text" inputmode="decimal" autocomplete="off" spellcheck="false"></label>
  <input type="range" min="0" step="1">
  <p class="nnviz-dial-problem" role="alert"></p>`;
const DECIMAL = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

export class Dial {
  /** @type {DialValue[]} */
  stops = [];
  /** @type {DialValue | undefined} */
  value;
  /** Whether the hand still moves the slider: it is dragged, or a key is held down. */
  isMoving = false;

  /**
   * @param {HTMLElement} parent
   * @param {DialWidget} widget
   * @param {(value: DialValue, isMoving: boolean) => void} changed called for every valid value that is typed or
   *   dragged, and with the last one of a drag again when that ends
   */
  constructor(parent, widget, changed) {
    this.widget = widget;
    this.changed = changed;
    const root = document.createElement("div");
    root.className = "nnviz-dial";
    root.innerHTML = MARKUP;
    parent.append(root);
    this.text = one(root, "[type=text]", HTMLInputElement);
    this.range = one(root, "[type=range]", HTMLInputElement);
    this.problem = one(root, ".nnviz-dial-problem", HTMLElement);
    this.describe(root);
    this.range.addEventListener("pointerdown", () => (this.isMoving = true));
    this.range.addEventListener("keydown", ({ repeat }) => (this.isMoving = repeat));
    this.range.addEventListener("input", () => this.change(this.stops[Number(this.range.value)]));
    for (const end of ["pointerup", "pointercancel", "keyup", "blur"]) this.range.addEventListener(end, () => this.settle());
    this.text.addEventListener("change", () => this.read());
    this.text.addEventListener("keydown", ({ key }) => key === "Escape" && this.value !== undefined && this.show(this.value));
    this.show(widget.value);
  }

  /** @param {HTMLElement} root */
  describe(root) {
    const { field, label, help } = this.widget;
    one(root, "span", HTMLElement).textContent = label;
    this.problem.id = `nnviz-dial-${field}`;
    this.text.setAttribute("aria-describedby", this.problem.id);
    this.range.setAttribute("aria-label", label);
    this.range.setAttribute("aria-description", help);
    root.title = help;
  }

  /** @param {boolean} isEnabled */
  enable(isEnabled) {
    this.text.disabled = this.range.disabled = !isEnabled;
  }

  /** Show a value; one between the stops stays a stop until another one is shown. @param {DialValue} value */
  show(value) {
    if (!this.stops.includes(value)) this.stops = withStop(this.widget, value);
    this.value = value;
    this.range.max = String(this.stops.length - 1);
    this.range.value = String(this.stops.indexOf(value));
    this.text.value = written(value, this.widget);
    this.range.setAttribute("aria-valuetext", this.text.value);
    this.showProblem("");
  }

  /** @param {DialValue} value */
  change(value) {
    this.show(value);
    this.changed(value, this.isMoving);
  }

  /** The drag has ended, or the key was released. */
  settle() {
    if (!this.isMoving || this.value === undefined) return;
    this.isMoving = false;
    this.changed(this.value, false);
  }

  read() {
    const value = read(this.text.value, this.widget);
    if (value === undefined) this.showProblem(problemOf(this.text.value, this.widget));
    else this.change(value);
  }

  /** @param {string} problem */
  showProblem(problem) {
    this.problem.textContent = problem;
    this.text.setAttribute("aria-invalid", String(Boolean(problem)));
  }
}

/** @param {DialWidget} widget @param {DialValue} value @returns {DialValue[]} */
export function withStop({ options }, value) {
  const stops = options.map(([stop]) => stop);
  if (stops.includes(value)) return stops;
  return [...stops, value].sort((one, other) => (one ?? Infinity) - (other ?? Infinity));
}

/** @param {DialValue} value @param {DialWidget} widget */
export function written(value, { options }) {
  return value === null ? (options.find(([stop]) => stop === null)?.[1] ?? "") : String(value);
}

/**
 * The value that a text stands for; undefined where it stands for none that is allowed.
 * @param {string} text @param {DialWidget} widget @returns {DialValue | undefined}
 */
export function read(text, widget) {
  const typed = text.trim().toLowerCase();
  const { low, high, whole, options } = widget;
  if (options.some(([stop, name]) => stop === null && name === typed)) return null;
  const value = DECIMAL.test(typed) ? Number(typed) : NaN;
  return value >= low && value <= high && (!whole || Number.isInteger(value)) ? value : undefined;
}

/** @param {string} text @param {DialWidget} widget */
export const problemOf = (text, { field, rule }) =>
  `${field.replaceAll("_", " ")} must be ${rule}; got ${text.trim().slice(0, 20) || "nothing"}`;
