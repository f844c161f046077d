/** The plane with axes, points and the pinned point as a Plotly figure. */

import { placeIn } from "../controls/elements.js";
import { axis, base, CONFIG, plain, purgeAtEnd, size } from "../charts/figure.js";
import { Plane } from "./plane.js";
import { lightOf } from "./symbols.js";

/**
 * @typedef {import("./plane.js").Frame} Frame
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 */

/** The plane has a frame, so that a pale field visibly reaches its edge. */
const FRAMED = { showgrid: false, showline: true, mirror: true };

export class BoundaryChart extends Plane {
  /**
   * @param {import("../charts/plotly-loader.js").Plotly} plotly
   * @param {import("../charts/plotly-loader.js").FigureElement} element @param {AbortSignal} signal
   */
  constructor(plotly, element, signal) {
    super(element);
    this.plotly = plotly;
    this.figure = element;
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
      margin: this.margin,
      showlegend: !this.isCompact,
      xaxis: axis(theme, {
        title: { text: this.titleOf(0) }, range: [left, right], domain: this.domain(0), ...FRAMED,
      }),
      yaxis: axis(theme, {
        title: { text: this.titleOf(1) }, range: [low, high], domain: this.domain(1), ...FRAMED,
      }),
      legend: {
        orientation: "h", x: 0, y: 1.005, yanchor: "bottom", itemclick: false, itemdoubleclick: false,
        bgcolor: "rgba(0,0,0,0)",
      },
    });
    this.plotly.react(this.element, [...this.legend(), this.pin()], layout, CONFIG);
    this.placeInAxes();
    this.paint(frame);
  }

  /**
   * The share of the room that an axis takes. Plotly's own way to give two axes one scale goes by the
   * ranges of the figure before, and makes those of some data sets wider than the field.
   * @param {number} axis
   */
  domain(axis) {
    const { room, scale } = this.area();
    const [low, high] = this.scene.extent[axis];
    const half = ((high - low) * scale[axis]) / room[axis] / 2;
    return [0.5 - half, 0.5 + half];
  }

  /** @param {number} axis */
  titleOf(axis) {
    return this.isCompact ? "" : plain(this.scene.features[axis]);
  }

  placeInAxes() {
    const [across, up] = this.axes;
    this.place({ left: across._offset, top: up._offset, width: across._length, height: up._length });
  }

  /** Traces without points, for the legend: of the training part, and of the test part as hollow symbols. */
  legend() {
    const { classNames, test } = this.scene;
    const { styles, theme } = this;
    /** @param {number} k @param {{marker: object, [attribute: string]: unknown}} attributes */
    const trace = (k, { marker, ...attributes }) => ({
      type: "scatter", mode: "markers", x: [null], y: [null], marker: { opacity: 1, symbol: styles[k].symbol, ...marker }, ...attributes,
    });
    const filled = classNames.map((name, k) =>
      trace(k, {
        name: plain(name),
        visible: this.shows("train"),
        marker: { size: 9, color: styles[k].colour, line: { width: 1, color: theme.ink } },
      }),
    );
    const hollow = classNames.map((name, k) =>
      trace(k, {
        name: k === 0 ? "test: hollow" : plain(`${name}, test`),
        showlegend: k === 0 && test.labels.length > 0,
        visible: this.shows("test"),
        marker: { size: 8, color: lightOf(theme), line: { width: 2, color: styles[k].colour } },
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

  /** The pixels above the axes: more where the legend has several rows. */
  get top() {
    return this.figure._fullLayout?._size.t;
  }

  resize() {
    if (!this.scene) return;
    const layout = { ...size(this.element), "xaxis.domain": this.domain(0), "yaxis.domain": this.domain(1) };
    const { top } = this;
    this.plotly.relayout(this.element, layout);
    if (this.top !== top) this.plotly.relayout(this.element, layout); // the legend has other rows: Plotly leaves it where it was
    this.placeInAxes();
  }
}
