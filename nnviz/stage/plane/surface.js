/** One class's probability as a landscape: Plotly's 3-D surface in the place of the plot. */

import { base, CONFIG, plain, purgeAtEnd, size } from "../charts/figure.js";

const EVERY = 2; // of the grid's points along each side: enough for a smooth surface

export class SurfaceChart {
  drawn = false;

  /** @param {object} plotly @param {Element} element @param {AbortSignal} signal */
  constructor(plotly, element, signal) {
    this.plotly = plotly;
    this.element = element;
    purgeAtEnd(plotly, element, signal);
  }

  /** Another data set, theme or class: the next `paint` draws everything anew. */
  prepare(scene, theme, styles, classIndex) {
    Object.assign(this, { scene, theme, classIndex, colour: styles[classIndex].colour, drawn: false });
  }

  /** @param {{planes: {data: Uint8Array, shape: number[]}}} frame */
  paint({ planes }) {
    const heights = this.heights(planes);
    if (this.drawn) this.plotly.restyle(this.element, { z: [heights] }, [0]);
    else this.draw(heights);
  }

  draw(heights) {
    const { scene, theme } = this;
    const along = ([low, high], n) => steps(n).map((i) => low + ((high - low) * i) / (n - 1));
    const title = (text) => ({ title: { text }, color: theme.ink, gridcolor: theme.grid, showbackground: false });
    const trace = {
      type: "surface", x: along(scene.extent[0], this.columns), y: along(scene.extent[1], this.rows), z: heights,
      cmin: 0, cmax: 1, colorscale: [[0, theme.grid], [1, this.colour]], showscale: false,
      contours: { z: { show: true, start: 0.5, end: 0.51, size: 0.1, color: theme.ink, width: 3 } },
    };
    const layout = base(this.element, theme, {
      margin: { l: 24, r: 0, t: 0, b: 0 },
      dragmode: "turntable",
      scene: {
        xaxis: title(plain(scene.features[0])), yaxis: title(plain(scene.features[1])),
        zaxis: { ...title("p"), range: [0, 1] },
        camera: { eye: { x: 1.35, y: -1.45, z: 0.95 } },
        aspectmode: "manual", aspectratio: { x: 1, y: 1, z: 0.7 },
      },
      uirevision: "kept", // the view people have turned it to
    });
    this.plotly.react(this.element, [trace], layout, CONFIG);
    this.drawn = true;
  }

  /** The class's plane at some rows and columns. */
  heights({ data, shape: [k, rows, columns] }) {
    Object.assign(this, { rows, columns });
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

/** Every other of n, the last one among them. */
const steps = (n) => [...Array(Math.ceil((n - 1) / EVERY)).keys()].map((i) => i * EVERY).concat(n - 1);
