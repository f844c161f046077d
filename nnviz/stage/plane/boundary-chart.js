/** The plane with axes, points and the pinned point as a Plotly figure. */

import { placeIn } from "../controls/elements.js";
import { axis, base, CONFIG, plain, purgeAtEnd, size } from "../charts/figure.js";
import { DrawnPoints } from "./drawn-points.js";
import { lightOf, MARGIN, Plane, pointsOfClass, scaleOf, sizesOf } from "./plane.js";

/**
 * @typedef {import("./plane.js").Frame} Frame
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 */

/** The plane has a frame, so that a field that is pale there is seen to reach it. */
const FRAMED = { constrain: "domain", showgrid: false, showline: true, mirror: true };

export class BoundaryChart extends Plane {
  /**
   * @param {import("../charts/plotly-loader.js").Plotly} plotly
   * @param {import("../charts/plotly-loader.js").FigureElement} element @param {AbortSignal} signal
   */
  constructor(plotly, element, signal) {
    super(element);
    this.plotly = plotly;
    this.figure = element;
    this.drawnPoints = new DrawnPoints(this.layers.below);
    purgeAtEnd(plotly, element, signal);
  }

  /**
   * A new data set or theme: draw everything.
   * @param {Scene} scene @param {Theme} theme @param {Style[]} styles one per class
   * @param {Frame} frame the picture to begin with
   */
  draw(scene, theme, styles, frame) {
    this.set(scene, theme, styles);
    const [[left, right], [low, high]] = scene.extent;
    const layout = base(this.element, theme, {
      margin: MARGIN,
      xaxis: axis(theme, {
        title: { text: plain(scene.features[0]) }, range: [left, right], ...FRAMED,
      }),
      yaxis: axis(theme, {
        title: { text: plain(scene.features[1]) }, range: [low, high], ...FRAMED,
        // one unit is as long up as it is along, where the two features share a unit
        ...(scene.sharedUnit ? { scaleanchor: "x", scaleratio: 1 } : {}),
      }),
      legend: {
        orientation: "h", x: 0, y: 1.005, yanchor: "bottom", itemclick: false, itemdoubleclick: false, itemsizing: "constant",
        bgcolor: "rgba(0,0,0,0)",
      },
    });
    this.plotly.react(this.element, [...this.points(), this.pin()], layout, CONFIG);
    this.placeInAxes();
    this.paint(frame);
  }

  /** Other points of the same plane. @param {Scene} scene @param {Scene} drawn */
  drawPoints(scene, drawn) {
    const isFirst = !this.drawn;
    Object.assign(this, { scene, drawn });
    if (isFirst) this.plotly.restyle(this.element, { x: [[null]], y: [[null]] }, this.pointTraces);
    this.drawnPoints.show(this, drawn);
  }

  /** The traces of points, by their numbers. */
  get pointTraces() {
    return this.figure.data.map((_, i) => i).slice(0, -1);
  }

  placeInAxes() {
    this.drawnPoints.show(this, this.drawn);
    const [across, up] = this.axes;
    this.place({ left: across._offset, top: up._offset, width: across._length, height: up._length });
  }

  /** Traces of the training points, and of the test points as hollow symbols. */
  points() {
    const { classNames, train, test } = this.scene;
    const { styles, theme } = this;
    /**
     * @param {import("./scene.js").Part} part @param {number} k @param {number} size of a symbol in pixels
     * @param {{marker: object, [attribute: string]: unknown}} attributes
     */
    const trace = (part, k, size, { marker, ...attributes }) => {
      const points = this.drawn ? [[null, null]] : pointsOfClass(part, k); // a legend is all that is left to Plotly
      return {
        type: "scatter", mode: "markers", x: points.map(([x]) => x), y: points.map(([, y]) => y),
        marker: { size: sizesOf(points, size * scaleOf(this.scene)), opacity: 1, symbol: styles[k].symbol, ...marker }, ...attributes,
      };
    };
    const filled = classNames.map((name, k) =>
      trace(train, k, 9, {
        name: plain(name),
        visible: this.shows("train"),
        marker: { color: styles[k].colour, line: { width: 1, color: theme.ink } },
      }),
    );
    const hollow = classNames.map((name, k) =>
      trace(test, k, 8, {
        name: k === 0 ? "test: hollow" : plain(`${name}, test`),
        showlegend: k === 0 && test.labels.length > 0,
        visible: this.shows("test"),
        marker: { color: lightOf(theme), line: { width: 2, color: styles[k].colour } },
      }),
    );
    return [...filled, ...hollow];
  }

  pin() {
    const at = this.pinned;
    return {
      type: "scatter", mode: "markers", name: "pin", showlegend: false,
      x: at ? [at[0]] : [], y: at ? [at[1]] : [],
      marker: { symbol: "circle-cross-open", size: 20, color: this.theme.ink, line: { width: 2.5 } },
    };
  }

  /** @param {number[] | undefined} at undefined where no point is pinned any more */
  setPin(at) {
    this.pinned = at;
    const { x, y } = this.pin();
    this.plotly.restyle(this.element, { x: [x], y: [y] }, [this.figure.data.length - 1]);
  }

  /** @override */
  get pixelsPerUnit() {
    const { axes } = this;
    if (!axes) return super.pixelsPerUnit;
    return axes.map(({ _length }, i) => _length / (this.scene.extent[i][1] - this.scene.extent[i][0]));
  }

  /** @override @param {{clientX: number, clientY: number}} event */
  pointAt(event) {
    if (!this.axes) return null;
    const [xaxis, yaxis] = this.axes;
    const [across, down] = placeIn(this.element, event);
    const [x, y] = [across - xaxis._offset, down - yaxis._offset];
    if (x < 0 || y < 0 || x > xaxis._length || y > yaxis._length) return null;
    return [xaxis.p2d(x), yaxis.p2d(y)];
  }

  /** Plotly's two axes, once it has drawn them; else null. */
  get axes() {
    const layout = this.figure._fullLayout;
    return layout?.xaxis ? [layout.xaxis, layout.yaxis] : null;
  }

  resize() {
    if (!this.scene) return;
    this.plotly.relayout(this.element, size(this.element));
    this.placeInAxes();
  }
}
