/** The network's class probabilities at one point, as a Plotly figure. */

import { axis, base, CONFIG, plain, purgeAtEnd, renew, size } from "./figure.js";
import { probabilities, probability } from "../text/format.js";

/**
 * @typedef {import("../plane/plane.js").Theme} Theme
 * @typedef {import("../plane/plane.js").Style} Style
 */

/** One bar for each class, its number below. */
export class ProbabilityChart {
  /** @type {string[]} of the classes */
  names = [];
  /** @type {Theme} */
  theme;
  /** @type {Style[]} */
  styles = [];
  /** @type {(number | null)[]} */
  values = [];
  drawn = false;

  /**
   * @param {import("./plotly-loader.js").Plotly} plotly @param {HTMLElement} element
   * @param {HTMLElement} numbers a list below the bars @param {AbortSignal} signal
   */
  constructor(plotly, element, numbers, signal) {
    this.plotly = plotly;
    this.element = element;
    this.numbers = numbers;
    purgeAtEnd(plotly, element, signal);
  }

  /**
   * Another data set or theme: the next `paint` draws everything anew.
   * @param {import("../plane/scene.js").Scene} scene @param {Theme} theme @param {Style[]} styles one per class
   */
  prepare(scene, theme, styles) {
    this.names = scene.classNames;
    this.theme = theme;
    this.styles = styles;
    this.drawn = false;
  }

  /** @param {(number | null)[]} values one per class */
  paint(values) {
    this.values = values;
    if (this.drawn) renew(this.plotly, this.element, [{ y: values }]);
    else this.draw();
    this.write();
  }

  draw() {
    const layout = base(this.element, this.theme, {
      margin: { l: 44, r: 10, t: 8, b: 24 },
      bargap: 0.35,
      xaxis: axis(this.theme, { type: "category", showgrid: false }),
      yaxis: axis(this.theme, { range: [0, 1.02], tickvals: [0, 0.5, 1] }),
    });
    const colours = this.styles.slice(0, this.names.length).map((style) => style.colour);
    const trace = { type: "bar", x: this.names.map(plain), y: this.values, textposition: "none", marker: { color: colours } };
    this.plotly.react(this.element, [trace], layout, CONFIG);
    this.numbers.replaceChildren(...this.names.map(() => document.createElement("li")));
    this.drawn = true;
  }

  write() {
    this.values.forEach((p, k) => {
      this.numbers.children[k].textContent = probability(p);
    });
    this.element.setAttribute("aria-label", `Class probabilities: ${probabilities(this.names, this.values)}`);
  }

  resize() {
    if (this.drawn && this.element.clientWidth) this.plotly.relayout(this.element, size(this.element));
  }
}
