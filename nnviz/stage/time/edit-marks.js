/** Marks of edits on the time line, and a note at each that lists and removes them. */

import { button, one } from "../controls/elements.js";
import { described, written } from "../run/phrases.js";
import { weightName } from "../text/names.js";
import { describedStrokes, grouped, isStroke, listed, placeOf } from "./mark-groups.js";

/** @typedef {import("./mark-groups.js").Group} Group */
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
    const groups = grouped(edits.filter(([epoch]) => epoch <= last), last);
    const shown = JSON.stringify(groups);
    if (shown !== this.shown) this.mark(groups);
    this.shown = shown;
  }

  /** @param {Group[]} groups */
  mark(groups) {
    if (document.activeElement?.closest(".nnviz-marks, .nnviz-note") === null) this.close();
    this.marks.replaceChildren(...groups.map((group) => this.markOf(group)));
  }

  /** @param {Group} group */
  markOf(group) {
    const mark = button("", () => this.open(group, mark));
    mark.className = "nnviz-mark";
    mark.style.setProperty("--at", String(group.first));
    mark.title = `At ${placeOf(group)}: ${listed(group).map((edits) => this.description(edits)).join("; ")}`;
    mark.setAttribute("aria-label", mark.title);
    return mark;
  }

  /** @param {ListedEdit[]} edits one, or strokes */
  description(edits) {
    const [[, field, value, at]] = edits;
    if (isStroke(edits[0])) return describedStrokes(edits);
    if (at && this.net) return `${weightName(at, this.net)} set to ${written(value)}`;
    return described(this.phrases, field, value);
  }

  /** @param {Group} group @param {HTMLElement} mark */
  open(group, mark) {
    const title = document.createElement("b");
    title.textContent = `Changed at ${placeOf(group)}`;
    const list = document.createElement("ul");
    list.append(...listed(group).map((edits) => this.line(edits)));
    const go = button("Go there", () => {
      this.close();
      this.on.go(group.first);
    });
    const row = document.createElement("div");
    row.className = "nnviz-row";
    row.append(go, button("Close", () => this.close()));
    this.note.replaceChildren(title, list, row);
    this.note.hidden = false;
    this.opener = mark;
    go.focus();
  }

  /** @param {ListedEdit[]} edits one, or strokes */
  line(edits) {
    const item = document.createElement("li");
    const remove = button("Remove", () => {
      this.close();
      for (const edit of [...edits].reverse()) this.on.remove(edit);
      this.range.focus();
    });
    remove.setAttribute("aria-label", `Remove: ${this.description(edits)}`);
    item.append(`${this.description(edits)} `, remove);
    return item;
  }

  close() {
    const hadFocus = this.note.contains(document.activeElement);
    this.note.hidden = true;
    if (hadFocus) (this.opener?.isConnected ? this.opener : this.range).focus();
  }
}
