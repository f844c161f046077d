/**
 * The edges, on a canvas of their own: it is copied into every picture, and redrawn in turns.
 *
 * Without a graphics card a line costs about a hundredth of a millisecond, and there are hundreds
 * of them. The edges between two layers fill a strip of the canvas that no others touch, so only
 * as many strips as there is time for are drawn anew in each frame.
 */

/**
 * @typedef {import("./weights.js").Weights} Weights
 * @typedef {import("./names.js").Place} Place
 * @typedef {import("./names.js").Unit} Unit
 */

const AT_ONCE = 64; // edges, after which the other strips wait for the next frame
const SPARSE = 100; // edges of a strip up to which all have their own thickness
const LEVELS = 8; // different thicknesses: lines of the same one are drawn together
const THINNEST = 0.6;
const DRAWN_ALONE = 1; // device px: thinner lines are cheaper together, thicker ones one by one

export class Edges {
  canvas = document.createElement("canvas");
  context = this.canvas.getContext("2d");
  /** Of each thickness and sign, where the edges' ends are. */
  groups = Array.from({ length: 2 * LEVELS }, () => /** @type {number[]} */ ([]));
  /** @type {import("../plane/plane.js").Theme} */
  theme;
  /** @type {import("./layout.js").Layout | undefined} */
  layout;
  ratio = 1; // device px per CSS px
  turn = 0; // the matrix whose strip comes next
  /** Matrices whose strips are out of date. @type {Set<number>} */
  stale = new Set();

  /** @param {import("../plane/plane.js").Theme} theme */
  setTheme(theme) {
    this.theme = theme;
    this.renew();
  }

  /** @param {import("./layout.js").Layout} layout @param {number} ratio device px per CSS px */
  setLayout(layout, ratio) {
    this.layout = layout;
    this.ratio = ratio;
    this.canvas.width = Math.round(layout.width * ratio);
    this.canvas.height = Math.round(layout.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.turn = 0;
    this.renew();
  }

  /** The weights or the theme have changed: every strip is out of date. */
  renew() {
    this.stale = new Set(this.layout?.edges.keys());
  }

  /**
   * Draw all edges onto another canvas.
   * @param {CanvasRenderingContext2D} context @param {Weights} weights @param {number} opacity
   * @returns {boolean} whether some of them are those of an earlier frame
   */
  draw(context, weights, opacity) {
    if (this.layout.ends.length / 4 <= AT_ONCE) { // a copy would cost more
      this.layout.edges.forEach((_, matrix) => this.group(matrix, weights));
      this.strokeTo(context, false, opacity);
      return false;
    }
    const waiting = this.refresh(weights);
    context.globalAlpha = opacity;
    context.drawImage(this.canvas, 0, 0, this.layout.width, this.layout.height);
    context.globalAlpha = 1;
    return waiting;
  }

  /**
   * Draw some strips anew.
   * @param {Weights} weights @returns {boolean} whether others still wait
   */
  refresh(weights) {
    let drawn = 0;
    while (this.stale.size && drawn < AT_ONCE) {
      while (!this.stale.has(this.turn)) this.turn = (this.turn + 1) % this.layout.edges.length;
      this.strip(this.turn, weights);
      this.stale.delete(this.turn);
      drawn += this.layout.edges[this.turn].length / 4;
    }
    return this.stale.size > 0;
  }

  /** Draw all edges between two layers. @param {number} matrix @param {Weights} weights */
  strip(matrix, weights) {
    const [below, above] = [this.layout.columns[matrix], this.layout.columns[matrix + 1]];
    const left = below.x + below.tile / 2;
    this.context.clearRect(left - 1, 0, above.x - above.tile / 2 - left + 2, this.layout.height);
    this.group(matrix, weights);
    this.strokeTo(this.context, below.count * above.count > SPARSE);
  }

  /** Group all edges between two layers. @param {number} matrix @param {Weights} weights */
  group(matrix, weights) {
    const start = this.startOf(matrix);
    for (let i = 0; 4 * i < this.layout.edges[matrix].length; i++) this.addToGroup(weights, matrix, i, start);
  }

  /**
   * Draw the edges of one unit onto another canvas.
   * @param {CanvasRenderingContext2D} context @param {Weights} weights @param {Unit} unit
   */
  drawUnit(context, weights, [layer, unit]) {
    const { columns } = this.layout;
    const at = unit - columns[layer].first;
    if (columns[layer + 1]) {
      const { count } = columns[layer + 1];
      for (let j = 0; j < count; j++) this.addToGroup(weights, layer, at * count + j, this.startOf(layer));
    }
    if (layer > 0) {
      const { count } = columns[layer];
      for (let i = 0; i < columns[layer - 1].count; i++) {
        this.addToGroup(weights, layer - 1, i * count + at, this.startOf(layer - 1));
      }
    }
    this.strokeTo(context, false);
  }

  /** Where the ends of a matrix's edges start. @param {number} matrix */
  startOf(matrix) {
    return (this.layout.edges[matrix].byteOffset - this.layout.ends.byteOffset) / 4;
  }

  /**
   * Put an edge into the group of its thickness and sign.
   * @param {Weights} weights @param {number} matrix @param {number} i its number there @param {number} start
   */
  addToGroup({ data, starts, scale }, matrix, i, start) {
    const w = data[starts[matrix] + this.layout.columns[matrix + 1].count + i]; // the bias row comes first
    const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.abs(w)) / scale)) || 0; // NaN
    this.groups[2 * level + (w < 0 ? 1 : 0)].push(start + 4 * i);
  }

  /**
   * Draw all groups, and empty them.
   * @param {CanvasRenderingContext2D} context
   * @param {boolean} dense many lines: small weights are all as thin as possible, and faint
   * @param {number} opacity
   */
  strokeTo(context, dense, opacity = 1) {
    context.globalAlpha = opacity;
    this.groups.forEach((group, number) => {
      if (!group.length) return;
      const share = ((number >> 1) + 0.5) / LEVELS;
      const hair = 1 / this.ratio; // the thinnest line there is
      let width = this.width(share);
      if (dense) {
        context.globalAlpha = this.layout.faintest + (1 - this.layout.faintest) * share;
        width = width < 1.6 ? hair : width;
      }
      this.pen(context, width, number % 2 === 1);
      this.lines(context, group, width > DRAWN_ALONE * hair);
      group.length = 0;
    });
    context.globalAlpha = 1;
  }

  /** @param {number} share of the scale */
  width(share) {
    return THINNEST + (this.layout.thickest - THINNEST) * Math.min(1, share);
  }

  /**
   * Dashed where a weight is negative.
   * @param {CanvasRenderingContext2D} context @param {number} width @param {boolean} negative
   */
  pen(context, width, negative) {
    context.lineWidth = width;
    context.strokeStyle = negative ? this.theme.signs.negative : this.theme.signs.positive;
    context.setLineDash(negative ? [3 + 1.5 * width, 2 + 0.9 * width] : []);
  }

  /**
   * @param {CanvasRenderingContext2D} context @param {number[]} group where the ends are
   * @param {boolean} alone one by one
   */
  lines(context, group, alone) {
    const { ends } = this.layout;
    context.beginPath();
    for (const at of group) {
      context.moveTo(ends[at], ends[at + 1]);
      context.lineTo(ends[at + 2], ends[at + 3]);
      if (!alone) continue;
      context.stroke();
      context.beginPath();
    }
    if (!alone) context.stroke();
  }

  /**
   * Draw one weight with a rim.
   * @param {CanvasRenderingContext2D} context @param {Weights} weights @param {Place} weight
   */
  drawRimmed(context, weights, weight) {
    const at = this.startOf(weight[0]) + 4 * this.layout.edgeIndex(weight);
    const w = weights.at(weight);
    const width = Math.max(2, this.width(Math.abs(w) / weights.scale));
    context.setLineDash([]);
    /** @param {string} colour @param {number} wider px than the line itself */
    const rim = (colour, wider) => {
      context.strokeStyle = colour;
      context.lineWidth = width + wider;
      this.lines(context, [at], true);
    };
    rim(this.theme.ink, 4);
    rim(this.theme.paper, 1.5);
    this.pen(context, width, w < 0);
    this.lines(context, [at], true);
  }
}
