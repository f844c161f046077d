/** The time line: where in the run the picture is, and the way to any other epoch of it. */

import { weightName } from "../text/names.js";

export class Timeline {
  epoch = 0; // shown
  last = 0; // known
  typing = false; // in the field
  marked = ""; // the edits that have marks

  /**
   * @param {Element} element
   * @param {object} on `go` (an epoch), `remove` (an edit)
   * @param {Object<string, string>} labels of the recipe's fields
   * @param {AbortSignal} signal
   */
  constructor(element, on, labels, signal) {
    this.element = element;
    this.on = on;
    this.labels = labels;
    this.range = element.querySelector("input[type=range]");
    this.field = element.querySelector("[data-field=epoch]");
    this.problem = element.querySelector("#nnviz-epoch-problem");
    this.marks = element.querySelector(".nnviz-marks");
    this.note = element.querySelector(".nnviz-note");
    this.range.addEventListener("input", () => this.on.go(Number(this.range.value)), { signal });
    this.field.addEventListener("input", () => (this.typing = true), { signal });
    this.field.addEventListener("keydown", (event) => this.press(event), { signal });
    this.field.addEventListener("blur", () => this.restore(), { signal });
    this.note.addEventListener("keydown", ({ key }) => key === "Escape" && this.close(), { signal });
  }

  /**
   * @param {number} epoch shown @param {number} last known @param {Array[]} edits of the recipe
   * @param {number?} target the epoch being gone to, where the thumb already is
   * @param {object} net as `text/names.js` wants it
   */
  show(epoch, last, edits, target, net) {
    Object.assign(this, { epoch, last, net });
    this.range.max = String(last);
    this.range.value = String(target ?? epoch);
    this.range.setAttribute("aria-valuetext", `epoch ${epoch} of ${last}`);
    if (!this.typing) this.field.value = String(epoch);
    this.element.querySelector("[data-show=last]").textContent = `of ${last}`;
    this.marks.style.setProperty("--last", Math.max(last, 1)); // moves the marks as they are
    const marked = JSON.stringify(edits.filter(([at]) => at <= last));
    if (marked !== this.marked) this.mark(JSON.parse(marked));
    this.marked = marked;
  }

  // --- the field ---------------------------------------------------------------------

  press(event) {
    if (event.key === "Escape") this.restore();
    if (event.key !== "Enter") return;
    const text = this.field.value.trim();
    if (!/^\d+$/.test(text) || Number(text) > this.last) {
      this.complain(`epoch must be 0…${this.last}, as far as this run has come; got ${text.slice(0, 20) || "nothing"}`);
      return;
    }
    this.restore();
    this.on.go(Number(text));
  }

  restore() {
    this.typing = false;
    this.field.value = String(this.epoch);
    this.complain("");
  }

  complain(words) {
    this.problem.textContent = words;
    this.field.setAttribute("aria-invalid", String(Boolean(words)));
  }

  // --- edits -------------------------------------------------------------------------

  /** One mark an epoch with edits. */
  mark(edits) {
    if (document.activeElement?.closest(".nnviz-marks, .nnviz-note") === null) this.close();
    const epochs = [...new Set(edits.map(([at]) => at))];
    this.marks.replaceChildren(
      ...epochs.map((at) => {
        const there = edits.filter((edit) => edit[0] === at);
        const button = Object.assign(document.createElement("button"), { type: "button", className: "nnviz-mark" });
        button.style.setProperty("--at", at);
        button.setAttribute("aria-label", `At epoch ${at}: ${there.map((edit) => this.words(edit)).join("; ")}`);
        button.title = button.getAttribute("aria-label");
        button.addEventListener("click", () => this.open(at, there, button));
        return button;
      }),
    );
  }

  words([, field, value, place]) {
    const written = value === null ? "full" : typeof value === "number" ? String(+value.toPrecision(6)) : value;
    if (!place) return `${this.labels[field] ?? field} ${written}`;
    return `${weightName(place, this.net)} set to ${written}`;
  }

  open(at, edits, mark) {
    const line = (edit) => {
      const item = document.createElement("li");
      const remove = Object.assign(document.createElement("button"), { type: "button", textContent: "Remove" });
      remove.setAttribute("aria-label", `Remove: ${this.words(edit)}`);
      remove.addEventListener("click", () => {
        this.close();
        this.on.remove(edit);
        this.range.focus();
      });
      item.append(`${this.words(edit)} `, remove);
      return item;
    };
    const title = Object.assign(document.createElement("b"), { textContent: `Changed at epoch ${at}` });
    const list = document.createElement("ul");
    list.append(...edits.map(line));
    const there = Object.assign(document.createElement("button"), { type: "button", textContent: "Go there" });
    there.addEventListener("click", () => {
      this.close();
      this.on.go(at);
    });
    const close = Object.assign(document.createElement("button"), { type: "button", textContent: "Close" });
    close.addEventListener("click", () => this.close());
    const row = Object.assign(document.createElement("div"), { className: "nnviz-row" });
    row.append(there, close);
    this.note.replaceChildren(title, list, row);
    this.note.hidden = false;
    this.opener = mark;
    there.focus();
  }

  close() {
    const held = this.note.contains(document.activeElement);
    this.note.hidden = true;
    if (held) (this.opener?.isConnected ? this.opener : this.range).focus();
  }
}
