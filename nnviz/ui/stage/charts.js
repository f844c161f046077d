/** The three Plotly figures of the stage. Each draws what it is given and asks for nothing. */

import { Painter, pathOf } from "./painter.js";

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
export class BoundaryChart {
  constructor(plotly, element) {
    Object.assign(this, { plotly, element, painter: new Painter() });
  }

  /** A new data set or theme: everything. `frame` is the picture to begin with. */
  draw(scene, theme, styles, frame) {
    this.scene = scene;
    this.theme = theme;
    this.painter.setColours(styles.slice(0, scene.classNames.length).map((style) => style.colour));
    this.take(frame);
    const [[left, right], [low, high]] = scene.extent;
    const layout = base(this.element, theme, {
      margin: { l: 58, r: 10, t: 34, b: 48 },
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
    this.plotly.react(this.element, [...this.points(styles), this.pin()], layout, CONFIG);
  }

  /** The next field and boundary: the only thing that changes from frame to frame. */
  paint(frame) {
    this.take(frame);
    this.plotly.relayout(this.element, { images: this.images(), shapes: this.shapes() });
  }

  take({ planes, lines, lineStarts }) {
    this.source = this.painter.picture(planes);
    this.path = pathOf(lines.data, lineStarts.data);
  }

  get centre() {
    return this.scene.extent.map(([low, high]) => (low + high) / 2);
  }

  points(styles) {
    const { classNames, train, test } = this.scene;
    const part = (part, k, more) => {
      const [x, y] = [[], []];
      part.labels.forEach((label, i) => {
        if (label === k) {
          x.push(part.points[2 * i]);
          y.push(part.points[2 * i + 1]);
        }
      });
      return { type: "scatter", mode: "markers", x, y, ...more };
    };
    const edge = this.theme.dark ? "#000" : "#fff";
    const traces = classNames.map((name, k) =>
      part(train, k, {
        name,
        marker: { color: styles[k].colour, symbol: styles[k].symbol, size: 9, line: { width: 1.2, color: edge } },
      }),
    );
    const hollow = classNames.map((name, k) =>
      part(test, k, {
        name: k === 0 ? "test: hollow" : `${name}, test`,
        showlegend: k === 0 && test.labels.length > 0,
        marker: {
          color: this.theme.paper, symbol: styles[k].symbol, size: 8,
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
    const [[left, right], [low, high]] = this.scene.extent;
    // a pixel's centre lies on its grid point, so the picture reaches half a pixel further
    const [dx, dy] = [(right - left) / (this.painter.image.width - 1), (high - low) / (this.painter.image.height - 1)];
    return [{
      source: this.source, xref: "x", yref: "y", layer: "below", sizing: "stretch",
      x: left - dx / 2, y: high + dy / 2, sizex: right - left + dx, sizey: high - low + dy,
    }];
  }

  shapes() {
    if (!this.path) return [];
    return [{
      type: "path", path: this.path, xref: "x", yref: "y", layer: "below",
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

/** One bar a class: the network's probabilities at one point. */
export class ProbabilityChart {
  constructor(plotly, element) {
    Object.assign(this, { plotly, element });
  }

  draw(scene, theme, styles, values) {
    this.names = scene.classNames;
    this.values = values;
    const layout = base(this.element, theme, {
      margin: { l: 44, r: 10, t: 16, b: 26 },
      bargap: 0.35,
      xaxis: axis(theme, { type: "category", showgrid: false }),
      yaxis: axis(theme, { range: [0, 1.12], tickvals: [0, 0.5, 1] }),
    });
    const trace = {
      type: "bar", x: this.names, y: this.names.map((name, k) => this.values?.[k] ?? 0), textposition: "outside",
      text: this.labels(), cliponaxis: false,
      marker: { color: styles.slice(0, this.names.length).map((style) => style.colour) },
    };
    this.plotly.react(this.element, [trace], layout, CONFIG);
    this.describe();
  }

  paint(values) {
    this.values = values;
    this.plotly.restyle(this.element, { y: [values], text: [this.labels()] }, [0]);
    this.describe();
  }

  labels() {
    return this.values?.length === this.names.length ? this.values.map((p) => p.toFixed(3)) : [];
  }

  words() {
    return this.labels().map((p, k) => `${this.names[k]} ${p}`).join(", ");
  }

  describe() {
    this.element.setAttribute("aria-label", `Class probabilities: ${this.words() || "no point yet"}`);
  }

  resize() {
    if (this.names) this.plotly.relayout(this.element, size(this.element));
  }
}

/** Loss above, accuracy below, of the training and the test part, by epoch. */
export class HistoryChart {
  constructor(plotly, element) {
    Object.assign(this, { plotly, element });
  }

  draw(history, theme) {
    const grid = { rows: 2, columns: 1 };
    const layout = base(this.element, theme, {
      margin: { l: 44, r: 10, t: 24, b: 40 },
      grid,
      xaxis: axis(theme, { title: { text: "epoch" }, rangemode: "tozero", anchor: "y2" }),
      yaxis: axis(theme, { title: { text: "loss" }, domain: [0.54, 1], rangemode: "tozero", nticks: 4 }),
      yaxis2: axis(theme, { title: { text: "accuracy" }, domain: [0, 0.46], range: [0, 1.05], tickvals: [0, 0.5, 1] }),
      legend: { orientation: "h", x: 1, xanchor: "right", y: 1, yanchor: "bottom", itemclick: false, itemdoubleclick: false },
    });
    const line = (name, yaxis, dash, showlegend) => ({
      type: "scatter", mode: "lines", name, yaxis, showlegend,
      line: { dash, width: 2, color: theme.ink },
    });
    const traces = [
      line("train", "y", "solid", true), line("test", "y", "dot", true),
      line("train", "y2", "solid", false), line("test", "y2", "dot", false),
    ];
    const { epochs, metrics } = history.thinned();
    traces.forEach((trace, i) => Object.assign(trace, { x: epochs, y: metrics[i] }));
    this.plotly.react(this.element, traces, layout, CONFIG);
    this.drawn = true;
  }

  paint(history) {
    const { epochs, metrics } = history.thinned();
    this.plotly.restyle(this.element, { x: metrics.map(() => epochs), y: metrics });
  }

  resize() {
    if (this.drawn) this.plotly.relayout(this.element, size(this.element));
  }
}
