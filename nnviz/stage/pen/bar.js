/** The tool bar of the pen, which replaces the controls above the plot. */

import { classMark } from "../plane/symbols.js";
import { all, button, one, within } from "../controls/elements.js";
import { isOurs, WRITES } from "../controls/keys.js";
import { toolOf } from "./state.js";

/** @typedef {import("./state.js").Tool} Tool */

const IN_A_ROW = 3; // classes that have room beside all tools

export class PenBar {
  /**
   * @param {HTMLElement} root the stage
   * @param {import("../stage-state.js").StageStore} store
   * @param {import("../plane/plane.js").Style[]} styles one per class
   * @param {AbortSignal} signal
   */
  constructor(root, store, styles, signal) {
    this.root = root;
    this.store = store;
    this.styles = styles;
    this.bar = one(root, ".nnviz-pen", HTMLElement);
    this.labels = one(this.bar, ".nnviz-labels", HTMLElement);
    this.bar.addEventListener("click", (event) => {
      const tool = within(event, "[data-tool]", HTMLElement)?.dataset.tool;
      if (tool) store.dispatch({ type: "pen", changes: { tool: /** @type {Tool} */ (tool) } });
    }, { signal });
    document.addEventListener("keydown", (event) => this.press(event), { capture: true, signal });
    signal.addEventListener("abort", store.watch(({ net }) => net, (net) => net && this.offer(net.classNames)));
    signal.addEventListener("abort", store.watch(({ pen }) => pen, () => this.show()));
  }

  /** Open the tool bar, or close it. */
  toggle() {
    const { isOpen, tool } = this.store.state.pen;
    this.store.dispatch({ type: "pen", changes: { isOpen: !isOpen, tool: !isOpen && tool === "pin" ? "pen" : tool } });
    one(this.root, isOpen ? "[data-do=draw]" : `.nnviz-pen [data-tool=${this.store.state.pen.tool}]`, HTMLElement).focus();
  }

  /** The class that is drawn. @param {number} label */
  choose(label) {
    const n = this.store.state.net?.classNames.length ?? 0;
    if (this.store.state.pen.isOpen && label < n) this.store.dispatch({ type: "pen", changes: { label } });
  }

  /** The classes of another data set. @param {string[]} names */
  offer(names) {
    this.labels.replaceChildren(...names.map((name, k) => {
      const made = button("", () => this.choose(k));
      made.innerHTML = classMark(this.styles[k]);
      made.setAttribute("aria-label", `Class ${name}`);
      made.title = `Draw points of the class ${name} (${k + 1})`;
      return made;
    }));
    this.root.toggleAttribute("data-many", names.length > IN_A_ROW);
    const isDrawing = this.store.state.scene?.nAtStart === 0;
    if (isDrawing && names.length < this.styles.length) this.labels.append(this.more());
    one(this.bar, "[data-do=again]", HTMLElement).hidden = isDrawing; // its points are its data set already
    this.show();
  }

  /** The button for one more class of a drawing. */
  more() {
    const made = button("+", () => this.store.dispatch({ type: "class" }));
    made.setAttribute("aria-label", "One more class");
    made.title = "One more class: the network starts again, with the points as they are";
    return made;
  }

  show() {
    const { pen, net } = this.store.state;
    this.root.dataset.tool = toolOf(pen);
    this.root.toggleAttribute("data-pen", pen.isOpen);
    for (const each of all(this.bar, "[data-tool]", HTMLElement)) each.setAttribute("aria-pressed", String(each.dataset.tool === pen.tool));
    const label = Math.min(pen.label, (net?.classNames.length ?? 1) - 1);
    [...this.labels.children].slice(0, net?.classNames.length).forEach((each, k) => each.setAttribute("aria-pressed", String(k === label)));
    for (const name of /** @type {("undo" | "redo")[]} */ (["undo", "redo"])) {
      one(this.bar, `[data-do=${name}]`, HTMLElement).setAttribute("aria-disabled", String(!pen[name].length));
    }
  }

  /** Undo and redo by keys, while the tool bar is open. @param {KeyboardEvent} event */
  press(event) {
    const { target, ctrlKey, metaKey, altKey, shiftKey } = event;
    const key = event.key.toLowerCase();
    if (!this.store.state.pen.isOpen || !(ctrlKey || metaKey) || altKey) return;
    if (!(target instanceof Element) || !isOurs(this.root, target) || target.closest(WRITES)) return;
    const type = key === "y" || (key === "z" && shiftKey) ? "redo" : "undo";
    if (key !== "y" && key !== "z") return;
    event.preventDefault();
    this.store.dispatch({ type });
  }
}
