/** The diagram on its canvas: edges, biases, maps. Everything here happens once a frame. */

import { Layout } from "./diagram-layout.js";

const LEVELS = 8; // thicknesses told apart: lines alike are drawn together
const THINNEST = 0.6;
const DIMMED = 0.16;
const MARKER = { least: 2.2, most: 6 }; // px from a bias's middle to its rim

export class Drawing {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.groups = Array.from({ length: 2 * 2 * LEVELS }, () => []); // where edges alike have their ends
  }

  setTheme(theme) {
    this.theme = theme;
  }

  /** @param {Layout} layout */
  setLayout(layout) {
    this.layout = layout;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(layout.width * this.ratio);
    this.canvas.height = Math.round(layout.height * this.ratio);
  }

  /**
   * @param {import("./diagram-weights.js").Weights} weights
   * @param {import("./diagram-atlas.js").Atlas | null} atlas null while the maps are not known
   * @param {{unit?: [number, number], weight?: [number, number, number]}} looked what stands out
   */
  draw(weights, atlas, looked) {
    const { context, layout } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, layout.width, layout.height);
    if (weights.data) {
      this.edges(weights, looked.unit);
      if (looked.weight?.[1]) this.standOut(weights, looked.weight);
      this.biases(weights, looked);
    }
    this.tiles(atlas);
    if (weights.data && looked.weight?.[1] === 0) this.standOut(weights, looked.weight);
  }

  edges(weights, unit) {
    this.sort(weights, unit);
    const { context, layout: { ends } } = this;
    this.groups.forEach((group, number) => {
      if (!group.length) return;
      const level = number % LEVELS;
      context.globalAlpha = number < 2 * LEVELS ? DIMMED : 1;
      this.pen(this.width((level + 0.5) / LEVELS), number % (2 * LEVELS) >= LEVELS);
      context.beginPath();
      for (const at of group) {
        context.moveTo(ends[at], ends[at + 1]);
        context.lineTo(ends[at + 2], ends[at + 3]);
      }
      context.stroke();
      group.length = 0;
    });
    context.globalAlpha = 1;
  }

  /** Into groups of one thickness and sign, those of a looked-at unit apart from the others. */
  sort({ data, starts, scale }, unit) {
    const { columns } = this.layout;
    let at = 0;
    for (let matrix = 0; matrix + 1 < columns.length; matrix++) {
      const [below, above] = [columns[matrix], columns[matrix + 1]];
      const row = unit?.[0] === matrix ? unit[1] - below.first : -1;
      const column = unit?.[0] === matrix + 1 ? unit[1] - above.first : -1;
      let from = starts[matrix] + above.count; // the bias row comes first
      for (let i = 0; i < below.count; i++) {
        for (let j = 0; j < above.count; j++, from++, at += 4) {
          const w = data[from];
          const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.abs(w)) / scale)) || 0; // NaN
          const apart = unit && i !== row && j !== column;
          this.groups[(apart ? 0 : 2 * LEVELS) + (w < 0 ? LEVELS : 0) + level].push(at);
        }
      }
    }
  }

  width(share) {
    return THINNEST + (this.layout.thickest - THINNEST) * Math.min(1, share);
  }

  pen(width, negative) {
    const { context, theme } = this;
    context.lineWidth = width;
    context.strokeStyle = negative ? theme.signs.negative : theme.signs.positive;
    context.setLineDash(negative ? [3 + 1.5 * width, 2 + 0.9 * width] : []);
  }

  biases(weights, { unit }) {
    for (const { units } of this.layout.columns.slice(1)) {
      for (const tile of units) {
        this.context.globalAlpha = !unit || (unit[0] === tile.layer && unit[1] === tile.unit) ? 1 : 2 * DIMMED;
        this.marker(tile, weights.at([tile.layer - 1, 0, tile.unit]), weights.scale);
      }
    }
    this.context.globalAlpha = 1;
  }

  /** Round where it is positive, square where negative. */
  marker(tile, bias, scale, rim = this.theme.paper) {
    const { context, theme } = this;
    const [x, y] = Layout.marker(tile);
    const radius = MARKER.least + (MARKER.most - MARKER.least) * (Math.min(1, Math.abs(bias) / scale) || 0);
    context.setLineDash([]);
    context.lineWidth = 2;
    context.strokeStyle = rim;
    context.fillStyle = bias < 0 ? theme.signs.negative : theme.signs.positive;
    context.beginPath();
    if (bias < 0) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    else context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
  }

  tiles(atlas) {
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
    this.frames();
  }

  frames() {
    const { context, theme } = this;
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = theme.ink;
    context.globalAlpha = 0.55;
    context.beginPath();
    for (const { units } of this.layout.columns) {
      for (const { x, y, tile } of units) context.rect(x - tile / 2, y - tile / 2, tile, tile);
    }
    context.stroke();
    context.globalAlpha = 1;
  }

  /** One weight, rimmed with ink. */
  standOut(weights, place) {
    const { context, layout } = this;
    const [matrix, row, column] = place;
    const w = weights.at(place);
    if (row === 0) {
      this.marker(layout.tile([matrix + 1, column]), w, weights.scale, this.theme.ink);
      return;
    }
    const at = 4 * layout.index(matrix, row, column);
    const [x1, y1, x2, y2] = layout.edges[matrix].subarray(at, at + 4);
    const width = Math.max(2, this.width(Math.abs(w) / weights.scale));
    const line = () => {
      context.beginPath();
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
      context.stroke();
    };
    this.pen(width, false);
    for (const [colour, wider] of [[this.theme.ink, 4], [this.theme.paper, 1.5]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: width + wider });
      line();
    }
    this.pen(width, w < 0);
    line();
  }
}
