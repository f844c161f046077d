/** The small field in which a weight or bias is typed. */

import { digits, readNumber } from "./names.js";
import { weightName } from "../text/names.js";

let fields = 0;

export class Editor {
  /**
   * @param {Element} area it floats in
   * @param {(place: number[], value: number) => void} apply
   * @param {AbortSignal} signal
   */
  constructor(area, apply, signal) {
    this.area = area;
    this.apply = apply;
    const id = `nnviz-number-${++fields}`;
    area.insertAdjacentHTML("beforeend", `
      <form class="nnviz-edit" novalidate hidden>
        <label for="${id}"></label>
        <input id="${id}" type="text" inputmode="decimal" autocomplete="off" spellcheck="false" maxlength="40"
          enterkeyhint="done" aria-describedby="${id}-problem">
        <p id="${id}-problem" role="alert"></p>
      </form>`);
    this.form = area.lastElementChild;
    [this.label, this.input, this.problem] = this.form.children;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    }, { signal });
    this.form.addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        this.submit();
      } else if (event.key === "Escape") this.close();
      event.stopPropagation(); // letters and arrows are the field's own
    }, { signal });
    this.input.addEventListener("input", () => this.complain(""), { signal });
    this.input.addEventListener("blur", () => this.close(false), { signal });
  }

  get open() {
    return !this.form.hidden;
  }

  /** @param {number[]} at where the weight is drawn @param {number[]} size of the area */
  show(net, place, value, [x, y], [width, height]) {
    this.close(false);
    this.place = place;
    this.before = document.activeElement;
    this.label.textContent = weightName(place, net);
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
    if (this.input.value === this.text) return this.close(); // as it was
    const { value, problem } = readNumber(this.input.value, this.place[1] === 0);
    if (problem) return this.complain(problem);
    const { place } = this;
    this.close();
    this.apply(place, value);
  }

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
