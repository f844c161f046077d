/** The history of the run as a Plotly figure, with earlier runs as faint lines. */

import { axis, base, CONFIG, purgeAtEnd, renew } from "./figure.js";
import { moved } from "./moving.js";

/**
 * @typedef {import("../plane/plane.js").Theme} Theme
 * @typedef {import("../plane/plane.js").Style} Style
 * @typedef {import("../run/ghosts.js").Ghost} Ghost
 * @typedef {import("../run/history.js").History} History
 * @typedef {import("../run/history.js").Lines} Lines
 */

const FAINT = 0.55; // opacity of an earlier run
const CLEAR = 0.9; // and of one side by side
/** The lines of a run, in the order of the metrics of its history. */
const LINES = [
  { name: "train", yaxis: "y", dash: "solid" }, { name: "test", yaxis: "y", dash: "dot" },
  { name: "train", yaxis: "y2", dash: "solid" }, { name: "test", yaxis: "y2", dash: "dot" },
];
const LEAST_EPOCHS = 50; // the epoch axis reaches this far at least

/** @typedef {{history: History, style: Style}} Beside a run side by side with the present one */

/** Of the line of one run alone, of earlier runs and others side by side, of the active one of these. */
const WIDTHS = { alone: 2, other: 1.5, active: 3 };

/** Loss above, accuracy below, of the training and the test part, by epoch. */
export class HistoryChart {
  logarithmic = { loss: false, epochs: false };
  /** @type {Ghost[]} */
  ghosts = [];
  /** @type {Beside[]} */
  beside = [];
  /** Of the present run, where there are others beside it. @type {Style | null} */
  own = null;
  isOther = false;
  drawn = false;
  /** @type {Theme} */
  theme;
  /** @type {Style[]} */
  styles = [];
  /** @type {number[][]} of the epoch and the loss axis */
  ranges = [];
  top = 1; // the largest loss on the axis
  /** @type {[History, number]} what was painted last */
  last;

  /**
   * @param {import("./plotly-loader.js").Plotly} plotly
   * @param {import("./plotly-loader.js").FigureElement} element
   * @param {HTMLElement} cursor a line that is moved to the epoch shown @param {AbortSignal} signal
   */
  constructor(plotly, element, cursor, signal) {
    this.plotly = plotly;
    this.element = element;
    this.cursor = cursor;
    purgeAtEnd(plotly, element, signal);
  }

  /**
   * Another theme: the next `paint` draws everything anew.
   * @param {Theme} theme @param {Style[]} styles of earlier runs
   */
  prepare(theme, styles) {
    this.theme = theme;
    this.styles = styles;
    this.drawn = false;
  }

  /** Make axes logarithmic, or linear. @param {{loss: boolean, epochs: boolean}} axes */
  setAxes({ loss, epochs }) {
    if (loss === this.logarithmic.loss && epochs === this.logarithmic.epochs) return;
    this.logarithmic = { loss, epochs };
    this.drawn = false;
  }

  /**
   * Name the threshold of the accuracies, which is ½, where classes are predicted at another one.
   * @param {boolean} isOther
   */
  nameThreshold(isOther) {
    if (isOther !== this.isOther) this.drawn = false;
    this.isOther = isOther;
  }

  /** Show earlier runs too. @param {Ghost[]} ghosts */
  showGhosts(ghosts) {
    if (ghosts.length === this.ghosts.length && ghosts.every((ghost, i) => ghost === this.ghosts[i])) return;
    this.ghosts = ghosts;
    this.drawn = false;
  }

  /** Show runs side by side with it. @param {Beside[]} beside @param {Style | null} own of the present run among them */
  showBeside(beside, own) {
    const isSame = beside.length === this.beside.length && beside.every(({ history }, i) => history === this.beside[i].history);
    if (!isSame || own !== this.own) this.drawn = false;
    this.beside = beside;
    this.own = own;
  }

  /**
   * @param {History} history
   * @param {number} epoch shown; a line marks it where later ones are known
   */
  paint(history, epoch) {
    this.last = [history, epoch];
    const runs = [history, ...this.beside.map((run) => run.history)].map((one) => one.thinned(this.logarithmic.epochs));
    if (this.drawn) this.renew(runs);
    else this.draw(runs);
    this.moveCursor(epoch, history.last);
  }

  /** @param {Lines[]} runs the present one first */
  draw(runs) {
    const { theme, logarithmic } = this;
    const [lines, ...others] = runs;
    this.ranges = this.rangesOf(runs);
    /** @param {"loss" | "epochs"} name */
    const kind = (name) => (logarithmic[name] ? "log" : "linear");
    const layout = base(this.element, theme, {
      margin: { l: 52, r: 10, t: 12, b: 44 },
      xaxis: axis(theme, { title: { text: "epoch" }, type: kind("epochs"), range: this.ranges[0], anchor: "y2", ...digits(logarithmic.epochs) }),
      yaxis: axis(theme, {
        title: { text: "loss" }, domain: [0.54, 1], type: kind("loss"), range: this.ranges[1], nticks: 4,
        exponentformat: "e", ...short(this.top), ...digits(logarithmic.loss),
      }),
      yaxis2: axis(theme, { title: { text: this.isOther ? "accuracy at ½" : "accuracy" }, domain: [0, 0.46], range: [0, 1.05], tickvals: [0, 0.5, 1] }),
      showlegend: false, // the markup has one, beside the choice of axes
    });
    const traces = this.own ? this.runTraces(lines, this.own, 1, WIDTHS.active) : this.ownTraces(lines);
    const beside = others.flatMap((run, i) => this.runTraces(run, this.beside[i].style, CLEAR));
    const ghosts = this.ghosts.flatMap(({ lines: kept }, i) => this.runTraces(kept[Number(logarithmic.epochs)], this.styles[i % this.styles.length], FAINT));
    this.plotly.react(this.element, [...traces, ...beside, ...ghosts], layout, CONFIG);
    this.drawn = true;
  }

  /** The losses and accuracies of a run that has no other beside it. @param {Lines} lines */
  ownTraces(lines) {
    const metrics = this.cut(lines.metrics);
    return LINES.map(({ name, yaxis, dash }, m) => ({
      type: "scatter", mode: "lines", name, yaxis, x: lines.epochs, y: metrics[m],
      line: { dash, width: WIDTHS.alone, color: this.theme.ink },
    }));
  }

  /**
   * The losses and accuracies of one of several runs, with its symbol where they end.
   * @param {Lines} lines @param {Style} style @param {number} opacity @param {number} [width] of the lines
   */
  runTraces(lines, style, opacity, width = WIDTHS.other) {
    /** @param {object} attributes */
    const trace = (attributes) => ({ type: "scatter", opacity, ...attributes });
    const data = this.dataOf(lines);
    return LINES.flatMap(({ yaxis, dash }, m) => [
      trace({ mode: "lines", ...data[2 * m], yaxis, line: { dash, width, color: style.colour } }),
      trace({ mode: "markers", ...data[2 * m + 1], yaxis, marker: { symbol: style.symbol, color: style.colour, size: 8 } }),
    ]);
  }

  /** Of those traces: a line and its end in turn, for each metric. @param {Lines} lines */
  dataOf({ epochs, metrics }) {
    const cut = this.cut(metrics);
    return LINES.flatMap(({ yaxis }, m) => {
      const most = yaxis === "y" ? this.top : Infinity; // a loss beyond the axis is not drawn
      const end = metrics[m].reduce((last, value, i) => (value <= most ? i : last), -1);
      return [{ x: epochs, y: cut[m] }, { x: epochs.slice(end, end + 1), y: metrics[m].slice(end, end + 1) }];
    });
  }

  /** @param {Lines[]} runs the present one first */
  renew(runs) {
    const ranges = this.rangesOf(runs);
    if (JSON.stringify(ranges) !== JSON.stringify(this.ranges)) {
      this.draw(runs); // the lines of earlier runs may end elsewhere
      return;
    }
    const [lines, ...others] = runs;
    const own = this.own ? this.dataOf(lines) : this.cut(lines.metrics).map((y) => ({ x: lines.epochs, y }));
    const data = [...own, ...others.flatMap((run) => this.dataOf(run))];
    if (!moved(this.element, data)) renew(this.plotly, this.element, data);
  }

  /** @param {number} epoch shown @param {number} last epoch known */
  moveCursor(epoch, last) {
    const { xaxis, _size } = this.element._fullLayout;
    this.cursor.hidden = epoch >= last;
    const across = xaxis.d2p(this.logarithmic.epochs ? Math.max(epoch, 1) : epoch);
    this.cursor.style.transform = `translateX(${xaxis._offset + Math.max(0, across)}px)`;
    this.cursor.style.top = `${_size.t}px`;
    this.cursor.style.height = `${_size.h}px`;
  }

  /**
   * The metrics as they are drawn: a loss beyond the axis ends just above it.
   * @param {number[][]} metrics
   */
  cut([train, test, ...accuracies]) {
    const most = (this.logarithmic.loss ? 10 : 2) * this.top;
    return [...[train, test].map((losses) => losses.map((loss) => Math.min(loss, most))), ...accuracies];
  }

  /**
   * Round ends of the epoch and the loss axis, so that they change seldom while a run goes on. The
   * losses of a run that ends far above its start, as where it diverges, count only up to there.
   * @param {Lines[]} runs
   */
  rangesOf(runs) {
    const shown = [...runs, ...this.ghosts.map((ghost) => ghost.lines[0])];
    const losses = shown.flatMap(({ metrics }) => [...metrics[0], ...metrics[1]].filter((loss) => loss < mostOf(metrics[0])));
    const end = roundUp(Math.max(0, ...shown.map(({ epochs }) => epochs.at(-1) ?? 0)), LEAST_EPOCHS);
    const top = roundUp(Math.max(0, ...losses), 0.1);
    this.top = top;
    const least = Math.min(top / 10, ...losses.filter((loss) => loss > 0));
    return [
      this.logarithmic.epochs ? [0, Math.log10(end)] : [0, end],
      this.logarithmic.loss ? [Math.floor(Math.log10(least)), Math.log10(top)] : [0, top],
    ];
  }

  resize() {
    if (!this.drawn || !this.element.clientWidth) return;
    this.drawn = false; // new data scaled for the old size can arrive during a relayout
    const [history, epoch] = this.last;
    this.paint(history, epoch);
  }
}

const CLIPPED = 3e38; // the history stores a loss beyond the float32 range as the largest float32
const FAR = 10; // times its first loss: what a run that ends above that adds to the axis at most
const LARGE = 1e4; // from here on the numbers of an axis are powers, to be short

/** Below which a run's losses are on the axis. @param {number[]} losses of the training part */
function mostOf(losses) {
  const far = FAR * losses[0];
  return losses[losses.length - 1] <= far ? CLIPPED : Math.min(far, CLIPPED);
}

/** @param {number} top of the loss axis */
const short = (top) => (top >= LARGE ? { tickformat: "~g" } : {});

/**
 * On a logarithmic axis only the powers of ten have room for their numbers.
 * @param {boolean} isLogarithmic
 */
const digits = (isLogarithmic) => (isLogarithmic ? { dtick: 1, exponentformat: "power" } : {});

/**
 * The least of 1, 2, 5 times a power of ten that is not below the value, and at least `least`.
 * @param {number} value @param {number} least
 */
function roundUp(value, least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, least)));
  return Math.max(least, [1, 2, 5, 10].map((n) => n * power).find((end) => end >= value));
}
