/** Marks of edits on the time line, and a note at each that lists and removes them. */

import { button, one } from "../controls/elements.js";
import { said, written } from "../run/phrases.js";
import { describedStroke, POINTS } from "../run/strokes.js";
import { weightName } from "../text/names.js";

/** @typedef {import("../run/recipes.js").ListedEdit} ListedEdit */
/** @typedef {import("../look.js").Net} Net */

export class EditMarks {
  shown = ""; // the edits that have marks, as JSON
  /** @type {Net | undefined} */
  net;
  /** @type {HTMLElement | undefined} the mark whose note is open */
  opener;

  /**
   * @param {HTMLElement} element the time line
   * @param {HTMLElement} range gets the focus where the mark of an edit is gone
   * @param {import("./timeline.js").TimelineEvents} on
   * @param {import("../run/phrases.js").Phrases} phrases of the recipe's settings
   * @param {AbortSignal} signal
   */
  constructor(element, range, on, phrases, signal) {
    this.range = range;
    this.on = on;
    this.phrases = phrases;
    this.marks = one(element, ".nnviz-marks", HTMLElement);
    this.note = one(element, ".nnviz-note", HTMLElement);
    this.note.addEventListener("keydown", ({ key }) => key === "Escape" && this.close(), { signal });
  }

  /** @param {number} last epoch known @param {ListedEdit[]} edits @param {Net} net */
  show(last, edits, net) {
    this.net = net;
    this.marks.style.setProperty("--last", String(Math.max(last, 1))); // moves the marks as they are
    const known = edits.filter(([epoch]) => epoch <= last);
    const shown = JSON.stringify(known);
    if (shown !== this.shown) this.mark(known);
    this.shown = shown;
  }

  /** One mark for every epoch with edits. @param {ListedEdit[]} edits */
  mark(edits) {
    if (document.activeElement?.closest(".nnviz-marks, .nnviz-note") === null) this.close();
    const epochs = [...new Set(edits.map(([epoch]) => epoch))];
    this.marks.replaceChildren(...epochs.map((epoch) => this.markAt(epoch, edits.filter((edit) => edit[0] === epoch))));
  }

  /** @param {number} epoch @param {ListedEdit[]} edits there */
  markAt(epoch, edits) {
    const mark = button("", () => this.open(epoch, edits, mark));
    mark.className = "nnviz-mark";
    mark.style.setProperty("--at", String(epoch));
    mark.title = `At epoch ${epoch}: ${edits.map((edit) => this.description(edit)).join("; ")}`;
    mark.setAttribute("aria-label", mark.title);
    return mark;
  }

  /** @param {ListedEdit} edit */
  description([, field, value, at]) {
    if (field === POINTS) return describedStroke(String(value));
    if (at && this.net) return `${weightName(at, this.net)} set to ${written(value)}`;
    return said(this.phrases, field, value);
  }

  /** @param {number} epoch @param {ListedEdit[]} edits there @param {HTMLElement} mark */
  open(epoch, edits, mark) {
    const title = document.createElement("b");
    title.textContent = `Changed at epoch ${epoch}`;
    const list = document.createElement("ul");
    list.append(...edits.map((edit) => this.line(edit)));
    const go = button("Go there", () => {
      this.close();
      this.on.go(epoch);
    });
    const row = document.createElement("div");
    row.className = "nnviz-row";
    row.append(go, button("Close", () => this.close()));
    this.note.replaceChildren(title, list, row);
    this.note.hidden = false;
    this.opener = mark;
    go.focus();
  }

  /** @param {ListedEdit} edit */
  line(edit) {
    const item = document.createElement("li");
    const remove = button("Remove", () => {
      this.close();
      this.on.remove(edit);
      this.range.focus();
    });
    remove.setAttribute("aria-label", `Remove: ${this.description(edit)}`);
    item.append(`${this.description(edit)} `, remove);
    return item;
  }

  close() {
    const hadFocus = this.note.contains(document.activeElement);
    this.note.hidden = true;
    if (hadFocus) (this.opener?.isConnected ? this.opener : this.range).focus();
  }
}
