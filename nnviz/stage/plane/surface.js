/** One class's probability as a 3-D surface of Plotly's, in the place of the plot. */

import { base, CONFIG, plain, purgeAtEnd, size } from "../charts/figure.js";
import { pointsOfClass } from "./scene.js";

const STEPS = 50; // along each side: enough for a smooth surface

/**
 * @typedef {import("./plane.js").Style} Style
 * @typedef {import("./plane.js").Theme} Theme
 * @typedef {import("./scene.js").Scene} Scene
 */

export class SurfaceChart {
  drawn = false;
  /** @type {Scene} */
  scene;
  /** @type {Theme} */
  theme;
  classIndex = 0;
  /** The style of each class. @type {Style[]} */
  styles = [];
  rows = 0; // of the grid of heights
  columns = 0;

  /**
   * @param {import("../charts/plotly-loader.js").Plotly} plotly
   * @param {HTMLElement} element @param {AbortSignal} signal
   */
  constructor(plotly, element, signal) {
    this.plotly = plotly;
    this.element = element;
    purgeAtEnd(plotly, element, signal);
  }

  /**
   * Another data set, theme or class: the next `paint` draws everything anew.
   * @param {Scene} scene @param {Theme} theme @param {Style[]} styles one per class @param {number} classIndex
   */
  prepare(scene, theme, styles, classIndex) {
    this.scene = scene;
    this.theme = theme;
    this.classIndex = classIndex;
    this.styles = styles;
    this.drawn = false;
  }

  /** @param {{planes: import("./plane.js").Bytes}} frame */
  paint({ planes }) {
    const heights = this.heights(planes);
    if (this.drawn) this.plotly.restyle(this.element, { z: [heights] }, [0]);
    else this.draw(heights);
  }

  /** @param {number[][]} heights */
  draw(heights) {
    const { scene, theme } = this;
    /** @param {[low: number, high: number]} extent @param {number} n */
    const along = ([low, high], n) => steps(n).map((i) => low + ((high - low) * i) / (n - 1));
    /** @param {string} text */
    const labelled = (text) => ({
      title: { text, font: { size: 13 } }, color: theme.ink, gridcolor: theme.grid, showbackground: false, nticks: 4,
      tickfont: { size: 11 },
    });
    const trace = {
      type: "surface", x: along(scene.extent[0], this.columns), y: along(scene.extent[1], this.rows), z: heights,
      cmin: 0, cmax: 1, colorscale: [[0, theme.grid], [1, this.styles[this.classIndex].colour]], showscale: false,
      contours: { z: { show: true, start: 0.5, end: 0.51, size: 0.1, color: theme.ink, width: 3 } },
    };
    const layout = base(this.element, theme, {
      margin: { l: 24, r: 0, t: 0, b: 0 },
      dragmode: "turntable",
      scene: {
        xaxis: labelled(plain(scene.features[0])), yaxis: labelled(plain(scene.features[1])),
        zaxis: { ...labelled(""), range: [-0.02, 1.02], tickvals: [0, 0.5, 1] },
        camera: { eye: { x: 1.35, y: -1.45, z: 0.95 } },
        aspectmode: "manual", aspectratio: { x: 1, y: 1, z: 0.7 },
      },
      annotations: [{ // a title at the axis itself is cut off, or covered, as the surface turns
        text: `height: probability of ${plain(scene.classNames[this.classIndex])}`, showarrow: false,
        x: 0, y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top",
      }],
      uirevision: "kept", // as the user has turned it, when drawn anew
    });
    this.plotly.react(this.element, [trace, ...this.points()], layout, CONFIG);
    this.drawn = true;
  }

  /** Training points, where the surface is to pass: those of the class at 1, all others at 0. */
  points() {
    const { scene, theme, styles, classIndex } = this;
    return scene.classNames.map((name, k) => {
      const points = pointsOfClass(scene.train, k);
      return {
        type: "scatter3d", mode: "markers", name: plain(name), showlegend: false, hoverinfo: "skip",
        x: points.map(([x]) => x), y: points.map(([, y]) => y), z: points.map(() => (k === classIndex ? 1 : 0)),
        marker: { size: 3.5, color: styles[k].colour, line: { width: 1, color: theme.ink } },
      };
    });
  }

  /**
   * The class's probabilities at some rows and columns.
   * @param {import("./plane.js").Bytes} planes
   */
  heights({ data, shape: [k, rows, columns] }) {
    this.rows = rows;
    this.columns = columns;
    const [from, sign] = k === 1 ? [0, this.classIndex ? 1 : -1] : [this.classIndex * rows * columns, 1];
    return steps(rows).map((row) =>
      steps(columns).map((column) => {
        const p = data[from + row * columns + column] / 255;
        return sign > 0 ? p : 1 - p;
      }),
    );
  }

  resize() {
    if (this.drawn && this.element.clientWidth) this.plotly.relayout(this.element, size(this.element));
  }
}

/** Indices of n points, evenly spaced, with both ends. @param {number} n */
function steps(n) {
  const last = Math.min(n - 1, STEPS);
  return Array.from({ length: last + 1 }, (_, i) => Math.round((i * (n - 1)) / last));
}
