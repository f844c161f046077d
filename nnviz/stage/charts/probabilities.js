/** The outputs of the network at one point: the logit of each class, and its probability as a number and a bar. */

import { classMark } from "../plane/symbols.js";
import { probabilities, probability, signed } from "../text/format.js";
import { axis, base, CONFIG, plain, purgeAtEnd, renew, size } from "./figure.js";

/**
 * @typedef {import("../plane/plane.js").Theme} Theme
 * @typedef {import("../plane/plane.js").Style} Style
 * @typedef {import("../run/replies.js").ProbeAnswer} ProbeAnswer
 */

/** @typedef {{style: Style, title: string, probabilities: (number | null)[], isActive: boolean}} RunAnswer of one of the runs side by side */

/** A row for each class; Plotly draws the bars of all rows. */
export class ProbabilityChart {
  /** @type {string[]} of the classes */
  names = [];
  /** @type {Theme} */
  theme;
  /** @type {Style[]} */
  styles = [];
  /** @type {(number | null)[]} */
  values = [];
  /** Of all runs side by side, in their order; none where there is one alone. @type {RunAnswer[]} */
  runs = [];
  drawn = false;

  /**
   * @param {import("./plotly-loader.js").Plotly} plotly @param {HTMLElement} element of the bars
   * @param {HTMLElement} rows the list beside them @param {AbortSignal} signal
   */
  constructor(plotly, element, rows, signal) {
    this.plotly = plotly;
    this.element = element;
    this.rows = rows;
    purgeAtEnd(plotly, element, signal);
  }

  /**
   * Another data set or theme: the next `paint` draws everything anew.
   * @param {import("../plane/scene.js").Scene} scene @param {Theme} theme @param {Style[]} styles one per class
   */
  prepare(scene, theme, styles) {
    this.names = scene.classNames;
    this.theme = theme;
    this.styles = styles.slice(0, this.names.length);
    this.drawn = false;
  }

  /** @param {ProbeAnswer} answer @param {RunAnswer[]} [runs] side by side, the one that answers among them */
  paint({ probabilities: values, logits }, runs = []) {
    const isSame = runs.length === this.runs.length && runs.every(({ style }, i) => style === this.runs[i].style);
    this.values = values;
    this.runs = runs;
    if (this.drawn && isSame) renew(this.plotly, this.element, this.bars.map(({ x }) => ({ x })));
    else this.draw();
    this.write(logits);
  }

  /** The bars of one run are in the colours of the classes; those of several in the colours of the runs, as their curves are. */
  get bars() {
    const colours = this.styles.map((style) => style.colour);
    const alone = [{ x: this.values, color: /** @type {string | string[]} */ (colours) }];
    return this.runs.length ? this.runs.map(({ probabilities: x, style }) => ({ x, color: style.colour })) : alone;
  }

  draw() {
    this.rows.replaceChildren(...this.names.map((name, k) => rowOf(name, this.styles[k])));
    const layout = base(this.element, this.theme, {
      margin: { l: 0, r: 0, t: 0, b: 0 },
      bargap: 0.25,
      showlegend: false, // the planes have the marks of the runs
      xaxis: axis(this.theme, { range: [0, 1], tickvals: [0, 0.5, 1], showticklabels: false }),
      yaxis: axis(this.theme, { type: "category", autorange: "reversed", showgrid: false, showticklabels: false }),
    });
    const traces = this.bars.map(({ x, color }) => ({
      type: "bar", orientation: "h", x, y: this.names.map(plain), textposition: "none", marker: { color },
    }));
    this.plotly.react(this.element, traces, layout, CONFIG);
    this.drawn = true;
  }

  /** A single logit is that of the second class. @param {(number | null)[]} logits */
  write(logits) {
    const first = this.names.length - logits.length;
    [...this.rows.children].forEach((row, k) => {
      const z = logits[k - first];
      row.children[1].textContent = z === undefined ? "" : z === null ? "–" : signed(z, 3);
      row.children[2].textContent = probability(this.values[k]);
    });
    const others = this.runs.filter(({ isActive }) => !isActive)
      .map(({ title, probabilities: values }) => `. ${title}: ${probabilities(this.names, values)}`);
    this.element.setAttribute("aria-label", `Class probabilities: ${probabilities(this.names, this.values)}${others.join("")}`);
  }

  resize() {
    if (this.drawn && this.element.clientWidth) this.plotly.relayout(this.element, size(this.element));
  }
}

/** Class, logit and probability. @param {string} name @param {Style} style @returns {HTMLLIElement} */
function rowOf(name, style) {
  const row = document.createElement("li");
  const title = document.createElement("span");
  title.innerHTML = classMark(style);
  title.append(name);
  title.title = name;
  row.append(title, document.createElement("span"), document.createElement("span"));
  return row;
}
