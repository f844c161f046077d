/** The small form in which a weight or bias is typed. */

import { digits, readNumber } from "./names.js";
import { weightName } from "../text/names.js";

/**
 * @typedef {import("./names.js").Net} Net
 * @typedef {import("./names.js").Place} Place
 */

let editors = 0;

export class Editor {
  /** The weight that is edited. @type {Place} */
  weight;
  /** What the field held at first. */
  text = "";
  /** What had the focus then. @type {HTMLElement?} */
  before = null;

  /**
   * @param {HTMLElement} area it floats in
   * @param {(weight: Place, value: number) => void} apply
   * @param {AbortSignal} signal
   */
  constructor(area, apply, signal) {
    this.area = area;
    this.apply = apply;
    const id = `nnviz-number-${++editors}`;
    area.insertAdjacentHTML("beforeend", `
      <form class="nnviz-edit" novalidate hidden>
        <label for="${id}"></label>
        <input id="${id}" type="text" inputmode="decimal" autocomplete="off" spellcheck="false" maxlength="40"
          enterkeyhint="done" aria-describedby="${id}-problem">
        <p id="${id}-problem" role="alert"></p>
      </form>`);
    this.form = /** @type {HTMLFormElement} */ (area.lastElementChild);
    this.label = this.form.querySelector("label");
    this.input = this.form.querySelector("input");
    this.problem = this.form.querySelector("p");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    }, { signal });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.submit();
      } else if (event.key === "Escape") this.close();
      event.stopPropagation(); // letters and arrows belong to the field
    }, { signal });
    this.input.addEventListener("input", () => this.complain(""), { signal });
    this.input.addEventListener("blur", () => this.close(false), { signal });
  }

  get open() {
    return !this.form.hidden;
  }

  /**
   * @param {Net} net @param {Place} weight @param {number} value
   * @param {number[]} position where the weight is drawn: x and y
   * @param {number[]} size of the area: width and height
   */
  show(net, weight, value, [x, y], [width, height]) {
    this.close(false);
    this.weight = weight;
    this.before = /** @type {HTMLElement?} */ (document.activeElement);
    this.label.textContent = weightName(weight, net);
    this.text = digits(value).replaceAll("−", "-");
    this.input.value = this.text;
    this.complain("");
    this.form.hidden = false;
    const [w, h] = [this.form.offsetWidth, this.form.offsetHeight];
    const left = Math.max(0, Math.min(width - w, x - w / 2));
    const top = y + 14 + h > height ? y - 14 - h : y + 14;
    Object.assign(this.form.style, { left: `${left}px`, top: `${Math.max(0, top)}px` });
    this.input.focus({ preventScroll: true });
    this.input.select();
  }

  submit() {
    if (!this.open) return;
    if (this.input.value === this.text) return this.close(); // nothing was changed
    const { weight } = this;
    const { value, problem } = readNumber(this.input.value, weight[1] === 0);
    if (problem) return this.complain(problem);
    this.close();
    this.apply(weight, value);
  }

  /** @param {string} problem none where it is empty */
  complain(problem) {
    if (this.problem.textContent !== problem) this.problem.textContent = problem;
    this.input.toggleAttribute("aria-invalid", Boolean(problem));
    if (problem) this.input.setAttribute("aria-invalid", "true");
  }

  /** @param {boolean} back whether the focus goes back to where it was */
  close(back = true) {
    if (!this.open) return;
    const { before } = this;
    this.form.hidden = true;
    if (back && this.area.contains(before)) before.focus({ preventScroll: true });
  }
}
