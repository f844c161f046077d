/** The three Plotly figures of the stage. Each draws what it is given and asks for nothing. */

import { probability } from "./format.js";
import { MARGIN, Plane } from "./plane.js";

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };
const STILL = { fixedrange: true, zeroline: false, automargin: false };

const size = (element) => ({ width: element.clientWidth, height: element.clientHeight });

const base = (element, theme, layout) => ({
  ...size(element),
  paper_bgcolor: "rgba(0,0,0,0)",
  plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: theme.font, color: theme.ink, size: 13 },
  hovermode: false,
  dragmode: false,
  ...layout,
});

const axis = (theme, more) => ({
  ...STILL,
  gridcolor: theme.grid,
  linecolor: theme.grid,
  ...more,
  title: { standoff: 6, ...more.title },
});

/** Field, boundary, points, and the pinned point. */
export class BoundaryChart extends Plane {
  constructor(plotly, element) {
    super(element);
    this.plotly = plotly;
  }

  /** A new data set or theme: everything. `frame` is the picture to begin with. */
  draw(scene, theme, styles, frame) {
    this.set(scene, theme, styles, frame);
    const [[left, right], [low, high]] = scene.extent;
    const layout = base(this.element, theme, {
      margin: MARGIN,
      xaxis: axis(theme, {
        title: { text: scene.features[0] }, range: [left, right], constrain: "domain", showgrid: false,
      }),
      yaxis: axis(theme, {
        title: { text: scene.features[1] }, range: [low, high], constrain: "domain", showgrid: false,
        // one unit is as long up as it is along, where the two features share a unit
        ...(scene.sharedUnit ? { scaleanchor: "x", scaleratio: 1 } : {}),
      }),
      legend: {
        orientation: "h", x: 0, y: 1.005, yanchor: "bottom", itemclick: false, itemdoubleclick: false,
        bgcolor: "rgba(0,0,0,0)",
      },
      images: this.images(),
      shapes: this.shapes(),
    });
    this.plotly.react(this.element, [...this.points(), this.pin()], layout, CONFIG);
  }

  /** The next field and boundary: the only thing that changes from frame to frame. */
  paint(frame) {
    this.take(frame);
    this.plotly.relayout(this.element, { images: this.images(), shapes: this.shapes() });
  }

  points() {
    const { classNames, train, test } = this.scene;
    const { styles } = this;
    const part = (part, k, more) => {
      const points = Plane.ofClass(part, k);
      return { type: "scatter", mode: "markers", x: points.map(([x]) => x), y: points.map(([, y]) => y), ...more };
    };
    const traces = classNames.map((name, k) =>
      part(train, k, {
        name,
        marker: { color: styles[k].colour, symbol: styles[k].symbol, size: 9, line: { width: 1, color: this.theme.ink } },
      }),
    );
    const hollow = classNames.map((name, k) =>
      part(test, k, {
        name: k === 0 ? "test: hollow" : `${name}, test`,
        showlegend: k === 0 && test.labels.length > 0,
        marker: {
          color: "#fff", symbol: styles[k].symbol, size: 8,
          line: { width: 2, color: styles[k].colour },
        },
      }),
    );
    return [...traces, ...hollow];
  }

  pin(at = this.pinned) {
    this.pinned = at;
    return {
      type: "scatter", mode: "markers", name: "pin", showlegend: false,
      x: at ? [at[0]] : [], y: at ? [at[1]] : [],
      marker: { symbol: "circle-cross-open", size: 20, color: this.theme.ink, line: { width: 2.5 } },
    };
  }

  setPin(at) {
    const { x, y } = this.pin(at);
    this.plotly.restyle(this.element, { x: [x], y: [y] }, [this.element.data.length - 1]);
  }

  images() {
    const [[left, right], [low, high]] = this.pictureExtent;
    return [{
      source: this.source, xref: "x", yref: "y", layer: "below", sizing: "stretch",
      x: left, y: high, sizex: right - left, sizey: high - low,
    }];
  }

  /** Always one, if of no length: Plotly leaves the last line standing where none follows it. */
  shapes() {
    return [{
      type: "path", path: this.path || "M0,0", xref: "x", yref: "y", layer: "between", // field and points
      line: { color: this.theme.ink, width: 2.5 },
    }];
  }

  /** @returns {number[]?} the point of the plane under a pointer, or null outside the axes */
  pointAt({ clientX, clientY }) {
    const { xaxis, yaxis } = this.element._fullLayout ?? {};
    if (!xaxis) return null;
    const box = this.element.getBoundingClientRect();
    const [x, y] = [clientX - box.left - xaxis._offset, clientY - box.top - yaxis._offset];
    if (x < 0 || y < 0 || x > xaxis._length || y > yaxis._length) return null;
    return [xaxis.p2d(x), yaxis.p2d(y)];
  }

  resize() {
    if (this.scene) this.plotly.relayout(this.element, size(this.element));
  }
}

/**
 * New data without a new layout: half the work of a restyle, as axes and legend stay.
 * @param {object[]} data new attributes, one object a trace
 */
function renew(plotly, element, data) {
  const atOnce = { mode: "immediate", frame: { duration: 0, redraw: false }, transition: { duration: 0 } };
  const traces = data.map((_, i) => i);
  plotly.animate(element, { data, traces }, atOnce).catch(() => {}); // overtaken by the next
}

/** One bar a class, its number below: the network's probabilities at one point. */
export class ProbabilityChart {
  /** @param {Element} numbers a list below the bars */
  constructor(plotly, element, numbers) {
    Object.assign(this, { plotly, element, numbers });
  }

  /** Another data set or theme: the next `paint` draws everything anew. */
  prepare(scene, theme, styles) {
    Object.assign(this, { names: scene.classNames, theme, styles, drawn: false });
  }

  /** @param {(number | null)[]} values one a class */
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
    const trace = { type: "bar", x: this.names, y: this.values, textposition: "none", marker: { color: colours } };
    this.plotly.react(this.element, [trace], layout, CONFIG);
    this.numbers.replaceChildren(...this.names.map(() => document.createElement("li")));
    this.drawn = true;
  }

  write() {
    this.values.forEach((p, k) => {
      this.numbers.children[k].textContent = probability(p);
    });
    this.element.setAttribute("aria-label", `Class probabilities: ${this.words()}`);
  }

  words() {
    return this.names.map((name, k) => `${name} ${probability(this.values[k])}`).join(", ");
  }

  resize() {
    if (this.drawn) this.plotly.relayout(this.element, size(this.element));
  }
}

/** Loss above, accuracy below, of the training and the test part, by epoch. */
export class HistoryChart {
  constructor(plotly, element) {
    Object.assign(this, { plotly, element });
  }

  /** Another theme: the next `paint` draws everything anew. */
  prepare(theme) {
    Object.assign(this, { theme, drawn: false });
  }

  paint(history) {
    const lines = history.thinned();
    if (this.drawn) this.renew(lines);
    else this.draw(lines);
  }

  draw(lines) {
    const { theme } = this;
    this.ranges = rangesOf(lines);
    const layout = base(this.element, theme, {
      margin: { l: 44, r: 10, t: 24, b: 40 },
      xaxis: axis(theme, { title: { text: "epoch" }, range: this.ranges[0], anchor: "y2" }),
      yaxis: axis(theme, { title: { text: "loss" }, domain: [0.54, 1], range: this.ranges[1], nticks: 4, exponentformat: "e" }),
      yaxis2: axis(theme, { title: { text: "accuracy" }, domain: [0, 0.46], range: [0, 1.05], tickvals: [0, 0.5, 1] }),
      legend: { orientation: "h", x: 1, xanchor: "right", y: 1, yanchor: "bottom", itemclick: false, itemdoubleclick: false },
    });
    const line = (name, yaxis, dash) => ({
      type: "scatter", mode: "lines", name, yaxis, showlegend: yaxis === "y",
      line: { dash, width: 2, color: theme.ink },
    });
    const traces = [line("train", "y", "solid"), line("test", "y", "dot"), line("train", "y2", "solid"), line("test", "y2", "dot")];
    traces.forEach((trace, i) => Object.assign(trace, { x: lines.epochs, y: lines.metrics[i] }));
    this.plotly.react(this.element, traces, layout, CONFIG);
    this.drawn = true;
  }

  renew(lines) {
    const ranges = rangesOf(lines);
    if (JSON.stringify(ranges) !== JSON.stringify(this.ranges)) {
      this.ranges = ranges;
      this.plotly.relayout(this.element, { "xaxis.range": ranges[0], "yaxis.range": ranges[1] });
    }
    renew(this.plotly, this.element, lines.metrics.map((y) => ({ x: lines.epochs, y })));
  }

  resize() {
    if (this.drawn) this.plotly.relayout(this.element, size(this.element));
  }
}

const CLIPPED = 3e38; // a loss beyond what the history's float32 holds comes as its largest

/** Round ends of the epoch and the loss axis, so that the axes change seldom while a run goes on. */
function rangesOf({ epochs, metrics }) {
  const losses = [...metrics[0], ...metrics[1]].filter((loss) => loss < CLIPPED);
  return [[0, roundUp(epochs.at(-1) ?? 0, 50)], [0, roundUp(Math.max(0, ...losses), 0.1)]];
}

/** The least of 1, 2, 5 times a power of ten, and at least `least`, that is not below the value. */
function roundUp(value, least) {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, least)));
  return Math.max(least, [1, 2, 5, 10].map((n) => n * power).find((end) => end >= value));
}
