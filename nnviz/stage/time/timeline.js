/** The time line: shows the epoch of the picture, and leads to any other epoch. */

import { one } from "../controls/elements.js";
import { EditMarks } from "./edit-marks.js";

/** @typedef {import("../run/recipes.js").ListedEdit} ListedEdit */

/**
 * @typedef {object} TimelineEvents
 * @property {(epoch: number) => void} go to an epoch
 * @property {(edit: ListedEdit) => void} remove an edit
 */

export class Timeline {
  epoch = 0; // the epoch shown
  last = 0; // the last epoch known
  isTyping = false; // whether the user types in the field

  /**
   * @param {HTMLElement} element
   * @param {TimelineEvents} on
   * @param {import("../run/phrases.js").Phrases} phrases of the recipe's settings
   * @param {AbortSignal} signal
   */
  constructor(element, on, phrases, signal) {
    this.element = element;
    this.on = on;
    this.range = one(element, "input[type=range]", HTMLInputElement);
    this.field = one(element, "[data-field=epoch]", HTMLInputElement);
    this.problem = one(element, "#nnviz-epoch-problem", HTMLElement);
    this.marks = new EditMarks(element, this.range, on, phrases, signal);
    this.range.addEventListener("input", () => this.on.go(Number(this.range.value)), { signal });
    this.field.addEventListener("input", () => (this.isTyping = true), { signal });
    this.field.addEventListener("keydown", (event) => this.press(event), { signal });
    this.field.addEventListener("blur", () => this.restore(), { signal });
  }

  /**
   * @param {number} epoch shown @param {number} last known @param {ListedEdit[]} edits of the recipe
   * @param {number | null} target the epoch being gone to, where the thumb already is
   * @param {import("../look.js").Net} net
   */
  show(epoch, last, edits, target, net) {
    this.epoch = epoch;
    this.last = last;
    this.range.max = String(last);
    this.range.value = String(target ?? epoch);
    this.range.setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    if (!this.isTyping) replaceText(this.field, String(epoch));
    one(this.element, "[data-show=last]", HTMLElement).textContent = `of ${last}`;
    this.marks.show(last, edits, net);
  }

  // --- the field ---------------------------------------------------------------------

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key === "Escape") this.restore();
    if (event.key !== "Enter") return;
    const text = this.field.value.trim();
    if (!/^\d+$/.test(text) || Number(text) > this.last) {
      this.showProblem(`epoch must be 0…${this.last}, as far as this run has come; got ${text.slice(0, 20) || "nothing"}`);
      return;
    }
    this.restore();
    this.on.go(Number(text));
  }

  restore() {
    this.isTyping = false;
    this.field.value = String(this.epoch);
    this.showProblem("");
  }

  /** @param {string} text */
  showProblem(text) {
    this.problem.textContent = text;
    this.field.setAttribute("aria-invalid", String(Boolean(text)));
  }
}

/** All of it stays selected if it was: someone is about to type over it. @param {HTMLInputElement} field @param {string} text */
function replaceText(field, text) {
  if (field.value === text) return;
  const isSelected = field.selectionStart === 0 && field.selectionEnd === field.value.length;
  field.value = text;
  if (isSelected && document.activeElement === field) field.select();
}
