/** The fields in which the user sets where a run is to stop by itself. */

import { all, one, within } from "../controls/elements.js";
import { bindBox } from "../controls/input.js";

const WHOLE = /^\d+$/;
const NUMBER = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @typedef {import("../run/stops.js").Rules} Rules */
/** @typedef {{name: string, pattern: RegExp, low: number, high: number, rule: string}} Kind what a field may hold */

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
    /** @type {Record<keyof Rules, Kind>} */
    this.kinds = {
      epoch: { ...upTo, name: "the epoch to stop at" },
      loss: { name: "the loss to stop at", pattern: NUMBER, low: 0, high: Number.MAX_VALUE, rule: "a number, 0 or more" },
      patience: { ...upTo, name: "the epochs to wait" },
    };
    element.addEventListener("change", (event) => {
      const field = within(event, "[data-rule]", HTMLInputElement);
      if (field) this.read(field);
    }, { signal });
    bindBox(element, signal);
  }

  /** Rules that were set otherwise, as by a link. @param {Rules} rules */
  show(rules) {
    this.rules = { ...rules };
    for (const field of all(this.element, "[data-rule]", HTMLInputElement)) {
      field.value = String(rules[ruleOf(field)] ?? "");
      this.showProblem(field, "");
    }
    this.count();
  }

  /** @param {HTMLInputElement} field */
  read(field) {
    const text = field.value.trim();
    const name = ruleOf(field);
    const kind = this.kinds[name];
    const value = Number(text);
    const fits = text === "" || (kind.pattern.test(text) && value >= kind.low && value <= kind.high);
    this.showProblem(field, fits ? "" : `${kind.name} must be ${kind.rule}; got ${text.slice(0, 20)}`);
    if (!fits) return;
    const { [name]: _, ...others } = this.rules;
    this.rules = text === "" ? others : { ...others, [name]: value };
    this.count();
    this.changed({ ...this.rules });
  }

  /** @param {HTMLInputElement} field @param {string} problem */
  showProblem(field, problem) {
    one(this.element, `#${field.getAttribute("aria-describedby")}`, HTMLElement).textContent = problem;
    field.setAttribute("aria-invalid", String(Boolean(problem)));
  }

  /** How many are set, beside the title of the box. */
  count() {
    one(this.element, "summary", HTMLElement).dataset.count = String(Object.keys(this.rules).length || "");
  }
}

/** @param {HTMLInputElement} field */
const ruleOf = ({ dataset }) => /** @type {keyof Rules} */ (dataset.rule);
