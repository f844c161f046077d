/** The fields in which people say where a run is to stop by itself. */

import { bindBox } from "../controls/input.js";

const WHOLE = /^\d+$/;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @typedef {{epoch?: number, loss?: number, patience?: number}} Rules those that are set */

export class RuleFields {
  /** @type {Rules} */
  rules = {};

  /**
   * @param {HTMLDetailsElement} element with an input `data-rule` for each rule, its label and its problem
   * @param {number} lastEpoch where every run ends
   * @param {(rules: Rules) => void} changed
   * @param {AbortSignal} signal
   */
  constructor(element, lastEpoch, changed, signal) {
    this.element = element;
    this.changed = changed;
    const upTo = { pattern: WHOLE, low: 1, high: lastEpoch, rule: `a whole number 1…${lastEpoch}` };
    this.kinds = {
      epoch: { ...upTo, name: "the epoch to stop at" },
      loss: { name: "the loss to stop at", pattern: NUMBER, low: 0, high: Number.MAX_VALUE, rule: "a number, 0 or more" },
      patience: { ...upTo, name: "the epochs to wait" },
    };
    element.addEventListener("change", ({ target }) => this.read(target), { signal });
    bindBox(element, signal);
  }

  /** Rules that were set otherwise, as by a link. @param {Rules} rules */
  show(rules) {
    this.rules = { ...rules };
    for (const field of this.element.querySelectorAll("[data-rule]")) {
      field.value = String(rules[field.dataset.rule] ?? "");
      this.complain(field, "");
    }
    this.count();
  }

  read(field) {
    const text = field.value.trim();
    const { name, pattern, low, high, rule } = this.kinds[field.dataset.rule];
    const value = Number(text);
    const fits = text === "" || (pattern.test(text) && value >= low && value <= high);
    this.complain(field, fits ? "" : `${name} must be ${rule}; got ${text.slice(0, 20)}`);
    if (!fits) return;
    const { [field.dataset.rule]: _, ...others } = this.rules;
    this.rules = text === "" ? others : { ...others, [field.dataset.rule]: value };
    this.count();
    this.changed({ ...this.rules });
  }

  complain(field, problem) {
    this.element.querySelector(`#${field.getAttribute("aria-describedby")}`).textContent = problem;
    field.setAttribute("aria-invalid", String(Boolean(problem)));
  }

  /** How many are set, beside the words that open the box. */
  count() {
    this.element.querySelector("summary").dataset.count = Object.keys(this.rules).length || "";
  }
}
