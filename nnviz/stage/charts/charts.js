/** The boundary and the probabilities, as Plotly figures. Each draws what it is given. */

import { axis, base, CONFIG, plain, purgeAtEnd, renew, size } from "./figure.js";
import { probabilities, probability } from "../text/format.js";
import { MARGIN, Plane } from "../plane/plane.js";

/** Field, boundary, points, and the pinned point. */
export class BoundaryChart extends Plane {
  /** @param {object} plotly @param {Element} element @param {AbortSignal} signal */
  constructor(plotly, element, signal) {
    super(element);
    this.plotly = plotly;
    purgeAtEnd(plotly, element, signal);
  }

  /** A new data set or theme: everything. `frame` is the picture to begin with. */
  draw(scene, theme, styles, frame) {
    this.set(scene, theme, styles, frame);
    const [[left, right], [low, high]] = scene.extent;
    const layout = base(this.element, theme, {
      margin: MARGIN,
      xaxis: axis(theme, {
        title: { text: plain(scene.features[0]) }, range: [left, right], constrain: "domain", showgrid: false,
      }),
      yaxis: axis(theme, {
        title: { text: plain(scene.features[1]) }, range: [low, high], constrain: "domain", showgrid: false,
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
    if (this.rings) this.paint(frame); // now that their size in pixels is known
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
        name: plain(name),
        visible: this.shows("train"),
        marker: { color: styles[k].colour, symbol: styles[k].symbol, size: 9, line: { width: 1, color: this.theme.ink } },
      }),
    );
    const hollow = classNames.map((name, k) =>
      part(test, k, {
        name: k === 0 ? "test: hollow" : plain(`${name}, test`),
        showlegend: k === 0 && test.labels.length > 0,
        visible: this.shows("test"),
        marker: {
          color: this.theme.paper, symbol: styles[k].symbol, size: 8,
          line: { width: 2, color: styles[k].colour },
        },
      }),
    );
    return [...traces, ...hollow];
  }

  pin() {
    const at = this.pinned;
    return {
      type: "scatter", mode: "markers", name: "pin", showlegend: false,
      x: at ? [at[0]] : [], y: at ? [at[1]] : [],
      marker: { symbol: "circle-cross-open", size: 20, color: this.theme.ink, line: { width: 2.5 } },
    };
  }

  /** @param {number[] | undefined} at none where nothing is pinned any more */
  setPin(at) {
    this.pinned = at;
    const { x, y } = this.pin();
    this.plotly.restyle(this.element, { x: [x], y: [y] }, [this.element.data.length - 1]);
  }

  images() {
    const [[left, right], [low, high]] = this.pictureExtent;
    return [{
      source: this.source, xref: "x", yref: "y", layer: "below", sizing: "stretch",
      x: left, y: high, sizex: right - left, sizey: high - low,
    }];
  }

  /** Always two, if of no length: Plotly leaves the last line standing where none follows it. */
  shapes() {
    const path = (d, layer, width) => ({
      type: "path", path: d || "M0,0", xref: "x", yref: "y", layer, line: { color: this.theme.ink, width },
    });
    return [path(this.path, "between", 2.5), path(this.rings, "above", 2)]; // field and points; points
  }

  get pixelsPerUnit() {
    const { xaxis, yaxis } = this.element._fullLayout ?? {};
    if (!xaxis) return [1, 1];
    return [xaxis, yaxis].map((axis, i) => axis._length / (this.scene.extent[i][1] - this.scene.extent[i][0]));
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

/** One bar a class, its number below: the network's probabilities at one point. */
export class ProbabilityChart {
  drawn = false;

  /**
   * @param {object} plotly @param {Element} element
   * @param {Element} numbers a list below the bars @param {AbortSignal} signal
   */
  constructor(plotly, element, numbers, signal) {
    this.plotly = plotly;
    this.element = element;
    this.numbers = numbers;
    purgeAtEnd(plotly, element, signal);
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
