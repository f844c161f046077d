/** The plane of a run beside the active one, in plain SVG and a canvas; a click makes it the active one. */

import { fitted } from "../look.js";
import { Sketch } from "../plane/sketch.js";
import { loss, percent } from "../text/format.js";
import { RunHead } from "./run-head.js";

/**
 * @typedef {import("./companions.js").Seen} Seen
 * @typedef {import("./replies.js").RunFrame} RunFrame
 * @typedef {import("../plane/plane.js").Theme} Theme
 * @typedef {import("../plane/plane.js").Style} Style
 */

export class CompanionPlane {
  /** What was painted last. @type {RunFrame | null} */
  frame = null;
  /** The theme in which it is drawn. @type {Theme | null} */
  theme = null;
  /** The look in which it is drawn. @type {import("../look.js").Look | undefined} */
  look;
  /** Of its run, and in what this differs from the active one. */
  title = "";

  /** @param {{name: (name: string) => void, dismiss: () => void, activate: () => void}} on */
  constructor(on) {
    this.element = document.createElement("div");
    this.element.className = "nnviz-companion";
    this.head = new RunHead(on);
    this.button = document.createElement("div");
    Object.assign(this.button, { className: "nnviz-companion-plane", role: "button", tabIndex: 0 });
    this.button.addEventListener("click", () => on.activate());
    this.button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      on.activate();
    });
    this.note = document.createElement("span");
    this.note.className = "nnviz-run-note";
    this.element.append(this.head.element, this.button);
    this.button.append(this.note);
    this.sketch = new Sketch(this.button);
    this.sketch.isCompact = true;
  }

  /** @param {import("./run-head.js").RunTitle} run */
  name(run) {
    this.head.show(run);
    this.title = `${run.title}, ${run.differs}`;
    this.element.title = "A click makes this the active run, whose settings are in the sidebar.";
    this.label();
  }

  label() {
    this.button.setAttribute("aria-label", `${this.title}: ${this.note.textContent || "to come"}. Make it the active run`);
  }

  /**
   * @param {Seen} seen @param {RunFrame | null} frame null where there is no other than that painted last
   * @param {import("../look.js").Look} look @param {import("../look.js").Views} views
   * @param {Theme} theme @param {Style[]} styles
   */
  paint({ scene, net }, frame, look, views, theme, styles) {
    this.frame = frame ?? this.frame;
    if (!scene || !net || !this.frame?.arrays.planes) return;
    const picture = /** @type {import("../plane/plane.js").Frame} */ (/** @type {unknown} */ ({ ...this.frame.header, ...this.frame.arrays }));
    const { sketch } = this;
    const isOther = scene !== sketch.scene || theme !== this.theme || look.points !== sketch.look.points;
    if (isOther || look !== this.look) {
      this.look = look;
      sketch.look = { ...fitted(look, net, views), unit: null };
      sketch.pinned = look.probe ?? undefined;
    }
    if (isOther) {
      this.theme = theme;
      sketch.draw(scene, theme, styles, picture);
    } else {
      sketch.paint(picture);
    }
  }

  /** The look has changed, and the same picture is shown by it. */
  recolour() {
    if (!this.sketch.scene) return;
    this.sketch.recolour();
    this.sketch.setPin(this.look?.probe ?? undefined);
  }

  /** The result so far. @param {number} epoch of the active run */
  showNumbers(epoch) {
    if (!this.frame) return;
    const { metrics, diverged, finished, epoch: own } = this.frame.header;
    const where = own === epoch ? "" : `${diverged ? "diverged after" : finished ? "ended at" : "at"} epoch ${own}, `;
    const { test_accuracy: test, train_accuracy: train } = metrics;
    const accuracy = test === null ? `accuracy ${percent(train)}` : `test accuracy ${percent(test)}`;
    const text = `${where}train loss ${loss(metrics.train_loss)}, ${accuracy}`;
    if (text === this.note.textContent) return;
    this.note.textContent = text;
    this.note.title = diverged ?? "";
    this.label();
  }

  resize() {
    this.sketch.resize();
  }

  remove() {
    this.element.remove();
  }
}
