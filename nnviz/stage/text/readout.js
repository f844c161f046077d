/** The texts and numbers around the charts, written only where they change. */

import { one } from "../controls/elements.js";
import { accuracyOf, confusions, showConfusions } from "./confusion.js";
import { coordinate, loss, percent, signed } from "./format.js";
import { classOf, unitName } from "./names.js";

/** @typedef {import("../run/replies.js").Frame} Frame */
/** @typedef {import("../plane/scene.js").Scene} Scene */
/** @typedef {{train: number | null, test: number | null}} Accuracies of both parts */

const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";

export class Readout {
  /** @param {HTMLElement} root the stage */
  constructor(root) {
    this.root = root;
  }

  /** @param {string} name the `data-show` of an element @param {string} text */
  write(name, text) {
    const element = one(this.root, `[data-show=${name}]`, HTMLElement);
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {Frame} frame @param {Accuracies | null} accuracy at the threshold chosen, if one is */
  numbers({ epoch, metrics }, accuracy) {
    this.write("epoch", String(epoch));
    this.write("train_loss", loss(metrics.train_loss));
    this.write("test_loss", loss(metrics.test_loss));
    this.write("train_accuracy", percent(accuracy ? accuracy.train : metrics.train_accuracy));
    this.write("test_accuracy", percent(accuracy ? accuracy.test : metrics.test_accuracy));
  }

  /**
   * The confusion matrices at a threshold, where one is chosen.
   * @param {Frame} frame @param {Scene} scene @param {boolean} isAtThreshold
   * @returns {Accuracies | null} there
   */
  confusions({ predicted, threshold }, scene, isAtThreshold) {
    const box = one(this.root, ".nnviz-confusion", HTMLElement);
    const isShown = isAtThreshold && predicted !== undefined && threshold !== undefined;
    box.hidden = !isShown;
    this.root.toggleAttribute("data-tables", isShown);
    if (!isShown) return null;
    const counts = confusions(scene, predicted.data);
    showConfusions(box, scene, counts, threshold);
    return { train: accuracyOf(counts.train), test: accuracyOf(counts.test) };
  }

  /**
   * The title of the bars: what they show, and at which point.
   * @param {{at: number[]}} answer @param {Scene} scene @param {string} output such as softmax
   * @param {boolean} isPinned
   */
  heading({ at }, scene, output, isPinned) {
    const [x, y] = at.map((value, i) => coordinate(value, scene.extent[i]));
    const [first, ...rest] = output;
    this.write("probe", `${first.toUpperCase() + rest.join("")} at (${x}, ${y})${isPinned ? ", pinned" : ""}`);
    // long names, as those of components, whole: a title for the mouse
    one(this.root, "[data-show=probe]", HTMLElement).title = `${scene.features[0]} ${x}, ${scene.features[1]} ${y}`;
  }

  /**
   * What the plot shows instead of the field, if a unit is chosen.
   * @param {Frame | null} frame @param {import("../look.js").Net} net
   */
  unit(frame, net) {
    if (!frame?.unitSeen) return this.write("unit", "");
    const { at, scale, bias } = frame.unitSeen;
    const [layer, unit] = at;
    const isOutput = layer === net.sizes.length - 1;
    const name = unitName(at, net) + (isOutput ? `, ${net.classNames[classOf(unit, net)]}` : "");
    const range = isOutput ? "0 … 1" : `−${Number(scale.toPrecision(3))} … ${Number(scale.toPrecision(3))}`;
    this.write("unit", `${name}${bias === null ? "" : `, bias ${signed(bias)}`}, colours ${range}`);
  }

  /** @param {{state: string, playing: boolean, ended: boolean}} run */
  state({ state, playing, ended }) {
    this.root.dataset.state = state;
    const [text, shape] = playing ? ["Pause", PAUSE] : ["Play", PLAY];
    const play = one(this.root, "[data-do=play]", HTMLElement);
    one(play, "span", HTMLElement).textContent = text;
    one(play, "path", SVGElement).setAttribute("d", shape);
    for (const control of [play, one(this.root, "[data-do=step]", HTMLElement)]) control.setAttribute("aria-disabled", String(ended));
  }

  /** The legend of earlier runs. @param {{text: string, mark: string}[]} runs */
  ghosts(runs) {
    const box = one(this.root, ".nnviz-ghosts", HTMLElement);
    box.toggleAttribute("data-none", !runs.length); // its place is kept, so that nothing moves
    one(box, "ul", HTMLElement).replaceChildren(
      ...runs.map(({ text, mark }) => {
        const item = document.createElement("li");
        item.innerHTML = mark;
        item.append(text);
        return item;
      }),
    );
  }
}
