/** The diagram on its canvas: edges, biases, maps. Everything here happens once a frame. */

import { Edges } from "./edges.js";
import { Layout } from "./layout.js";

/**
 * @typedef {import("./atlas.js").Atlas} Atlas
 * @typedef {import("./names.js").Target} Target
 * @typedef {import("./weights.js").Weights} Weights
 */

const DIMMED = 0.16; // opacity of the edges that do not belong to the unit highlighted
const MARKER = { least: 2.2, most: 6 }; // px from a bias's middle to its rim

export class Drawing {
  edges = new Edges();
  /** @type {import("../plane/plane.js").Theme} */
  theme;
  /** @type {Layout} */
  layout;
  ratio = 1; // device px per CSS px

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  /** @param {import("../plane/plane.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.edges.setTheme(theme);
  }

  /** @param {Layout} layout */
  setLayout(layout) {
    this.layout = layout;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(layout.width * this.ratio);
    this.canvas.height = Math.round(layout.height * this.ratio);
    this.edges.setLayout(layout, this.ratio);
  }

  /** The weights have changed. */
  renew() {
    this.edges.renew();
  }

  /**
   * @param {Weights} weights
   * @param {Atlas?} atlas null while the maps are not known
   * @param {Target} highlighted
   * @returns {boolean} whether some edges are left for the next time
   */
  draw(weights, atlas, highlighted) {
    const { context, layout } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, layout.width, layout.height);
    const waiting = Boolean(weights.data) && this.drawEdges(weights, highlighted);
    if (weights.data) this.drawBiases(weights, highlighted);
    this.drawTiles(atlas);
    return waiting;
  }

  /**
   * All edges, and above them those of the unit highlighted, or that edge.
   * @param {Weights} weights @param {Target} highlighted
   */
  drawEdges(weights, { unit, weight }) {
    const waiting = this.edges.draw(this.context, weights, unit ? DIMMED : 1);
    if (unit) this.edges.drawUnit(this.context, weights, unit);
    if (weight?.[1]) this.edges.drawRimmed(this.context, weights, weight);
    return waiting;
  }

  /** @param {Weights} weights @param {Target} highlighted */
  drawBiases(weights, { unit, weight }) {
    for (const { units } of this.layout.columns.slice(1)) {
      for (const tile of units) {
        const own = unit && unit[0] === tile.layer && unit[1] === tile.unit;
        const chosen = weight && weight[1] === 0 && weight[0] === tile.layer - 1 && weight[2] === tile.unit;
        this.context.globalAlpha = !unit || own ? 1 : 2 * DIMMED;
        this.drawBias(tile, weights.at([tile.layer - 1, 0, tile.unit]) / weights.scale, chosen);
      }
    }
    this.context.globalAlpha = 1;
  }

  /**
   * Round where it is positive, square where it is negative.
   * @param {import("./layout.js").Tile} tile @param {number} share of the scale, NaN if not known @param {boolean} chosen
   */
  drawBias(tile, share, chosen) {
    const { context, theme } = this;
    const [x, y] = Layout.marker(tile);
    const radius = MARKER.least + (MARKER.most - MARKER.least) * (Math.min(1, Math.abs(share)) || 0); // NaN
    context.setLineDash([]);
    context.lineWidth = chosen ? 4 : 2;
    context.strokeStyle = chosen ? theme.ink : theme.paper;
    context.fillStyle = share < 0 ? theme.signs.negative : theme.signs.positive;
    context.beginPath();
    if (share < 0) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
  }

  /** @param {Atlas?} atlas */
  drawTiles(atlas) {
    const { context, theme } = this;
    let number = 0;
    for (const { units } of this.layout.columns) {
      for (const { x, y, tile } of units) {
        const [left, top] = [x - tile / 2, y - tile / 2];
        if (atlas) atlas.draw(context, number, left, top, tile);
        else {
          context.fillStyle = theme.grid;
          context.fillRect(left, top, tile, tile);
        }
        number += 1;
      }
    }
    this.drawFrames();
  }

  drawFrames() {
    const { context, theme } = this;
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.55;
    for (const { units } of this.layout.columns) {
      for (const { x, y, tile } of units) context.strokeRect(x - tile / 2, y - tile / 2, tile, tile);
    }
    context.globalAlpha = 1;
  }
}
