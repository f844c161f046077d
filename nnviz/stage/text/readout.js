/** The words and numbers around the charts, written only where they change. */

import { accuracyOf, confusions, showConfusions } from "./confusion.js";
import { coordinate, loss, percent, signed } from "./format.js";
import { classOf, unitName } from "./names.js";

const PLAY = "M4 2.5v11l9-5.5z";
const PAUSE = "M3.5 2.5h3v11h-3zM9.5 2.5h3v11h-3z";

export class Readout {
  /** @param {Element} root the stage */
  constructor(root) {
    this.root = root;
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  write(name, text) {
    const element = this.part(`[data-show=${name}]`);
    if (element.textContent !== text) element.textContent = text;
  }

  /** @param {{train: number?, test: number?}?} accuracy at the threshold chosen, if one is */
  numbers({ epoch, metrics }, accuracy) {
    this.write("epoch", String(epoch));
    this.write("train_loss", loss(metrics.train_loss));
    this.write("test_loss", loss(metrics.test_loss));
    this.write("train_accuracy", percent(accuracy ? accuracy.train : metrics.train_accuracy));
    this.write("test_accuracy", percent(accuracy ? accuracy.test : metrics.test_accuracy));
  }

  /**
   * The matrices of the classes called at a threshold, where one is chosen.
   * @returns {{train: number?, test: number?}?} the accuracies there
   */
  confusions({ predicted, threshold }, scene, isAtThreshold) {
    const box = this.part(".nnviz-confusion");
    box.hidden = !(isAtThreshold && predicted);
    if (box.hidden) return null;
    const counts = confusions(scene, predicted.data);
    showConfusions(box, scene, counts, threshold);
    return { train: accuracyOf(counts.train), test: accuracyOf(counts.test) };
  }

  /** What the bars are of. */
  heading({ at }, scene, output, isPinned) {
    const [x, y] = at.map((value, i) => coordinate(value, scene.extent[i]));
    const [first, ...rest] = output;
    this.write("probe", `${first.toUpperCase() + rest.join("")} at (${x}, ${y})${isPinned ? ", pinned" : ""}`);
  }

  /** What the plot shows in the place of the field. @param {object?} frame with `unit`, or none */
  unit(frame, net) {
    if (!frame?.unitSeen) return this.write("unit", "");
    const { at, scale, bias } = frame.unitSeen;
    const [layer, unit] = at;
    const isOutput = layer === net.sizes.length - 1;
    const name = unitName(at, net) + (isOutput ? `, ${net.classNames[classOf(unit, net)]}` : "");
    const range = isOutput ? "0 … 1" : `−${Number(scale.toPrecision(3))} … ${Number(scale.toPrecision(3))}`;
    this.write("unit", `${name}${layer ? `, bias ${signed(bias)}` : ""}, colours ${range}`);
  }

  state({ state, playing, ended }) {
    this.root.dataset.state = state;
    const [word, shape] = playing ? ["Pause", PAUSE] : ["Play", PLAY];
    const button = this.part("[data-do=play]");
    button.querySelector("span").textContent = word;
    button.querySelector("path").setAttribute("d", shape);
    for (const name of ["play", "step"]) this.part(`[data-do=${name}]`).setAttribute("aria-disabled", String(ended));
  }

  /** The legend of earlier runs. @param {{words: string, mark: string}[]} runs */
  ghosts(runs) {
    const box = this.part(".nnviz-ghosts");
    box.toggleAttribute("data-none", !runs.length); // its place is kept, so that nothing moves
    box.querySelector("ul").replaceChildren(
      ...runs.map(({ words, mark }) => {
        const item = document.createElement("li");
        item.innerHTML = mark;
        item.append(words);
        return item;
      }),
    );
  }
}
