/**
 * The edges, on a canvas of their own: it is copied into every picture, and redrawn in turns.
 *
 * Without a graphics card a line costs some hundredth of a millisecond, and hundreds of them a
 * frame. The edges between two layers fill a strip of the canvas that no others touch, so only
 * as many strips as there is time for are drawn anew for a frame.
 */

const AT_ONCE = 64; // edges, after which the other strips wait for the next frame
const SPARSE = 100; // edges of a strip, up to which all have their own thickness
const LEVELS = 8; // thicknesses told apart: lines alike are drawn together
const THINNEST = 0.6;
const DRAWN_ALONE = 1; // device px: lines up to there are cheaper together, thicker ones alone

export class Edges {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d");
    this.groups = Array.from({ length: 2 * LEVELS }, () => []); // where edges alike have their ends
  }

  setTheme(theme) {
    this.theme = theme;
    this.renew();
  }

  /** @param {import("./layout.js").Layout} layout @param {number} ratio device px a CSS px */
  setLayout(layout, ratio) {
    Object.assign(this, { layout, ratio });
    this.canvas.width = Math.round(layout.width * ratio);
    this.canvas.height = Math.round(layout.height * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.turn = 0;
    this.renew();
  }

  /** Every strip shows something that is no more. */
  renew() {
    this.stale = new Set(this.layout?.edges.keys());
  }

  /** All edges, onto another canvas. @returns {boolean} whether some of them are of a frame before */
  draw(context, weights, opacity) {
    if (this.layout.ends.length / 4 <= AT_ONCE) { // a copy would cost more
      this.layout.edges.forEach((_, matrix) => this.between(matrix, weights));
      this.strokeTo(context, false, opacity);
      return false;
    }
    const waiting = this.refresh(weights);
    context.globalAlpha = opacity;
    context.drawImage(this.canvas, 0, 0, this.layout.width, this.layout.height);
    context.globalAlpha = 1;
    return waiting;
  }

  /** Draws some strips anew. @returns {boolean} whether others still wait */
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

  /** All edges between two layers. */
  strip(matrix, weights) {
    const [below, above] = [this.layout.columns[matrix], this.layout.columns[matrix + 1]];
    const left = below.x + below.tile / 2;
    this.context.clearRect(left - 1, 0, above.x - above.tile / 2 - left + 2, this.layout.height);
    this.between(matrix, weights);
    this.strokeTo(this.context, below.count * above.count > SPARSE);
  }

  between(matrix, weights) {
    const start = this.startOf(matrix);
    for (let i = 0; 4 * i < this.layout.edges[matrix].length; i++) this.sort(weights, matrix, i, start);
  }

  /** Those of one unit, onto another canvas. */
  ofUnit(context, weights, [layer, unit]) {
    const { columns } = this.layout;
    const at = unit - columns[layer].first;
    if (columns[layer + 1]) {
      const { count } = columns[layer + 1];
      for (let j = 0; j < count; j++) this.sort(weights, layer, at * count + j, this.startOf(layer));
    }
    if (layer > 0) {
      const { count } = columns[layer];
      for (let i = 0; i < columns[layer - 1].count; i++) {
        this.sort(weights, layer - 1, i * count + at, this.startOf(layer - 1));
      }
    }
    this.strokeTo(context, false);
  }

  startOf(matrix) {
    return (this.layout.edges[matrix].byteOffset - this.layout.ends.byteOffset) / 4;
  }

  /** Into a group of one thickness and sign. */
  sort({ data, starts, scale }, matrix, i, start) {
    const w = data[starts[matrix] + this.layout.columns[matrix + 1].count + i]; // the bias row comes first
    const level = Math.min(LEVELS - 1, Math.floor((LEVELS * Math.abs(w)) / scale)) || 0; // NaN
    this.groups[2 * level + (w < 0 ? 1 : 0)].push(start + 4 * i);
  }

  /** @param {boolean} dense many lines: small weights are all as thin as can be, and faint */
  strokeTo(context, dense, opacity = 1) {
    context.globalAlpha = opacity;
    this.groups.forEach((group, number) => {
      if (!group.length) return;
      const share = ((number >> 1) + 0.5) / LEVELS;
      const hair = 1 / this.ratio;
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

  width(share) {
    return THINNEST + (this.layout.thickest - THINNEST) * Math.min(1, share);
  }

  /** Dashed where a weight is negative. */
  pen(context, width, negative) {
    context.lineWidth = width;
    context.strokeStyle = negative ? this.theme.signs.negative : this.theme.signs.positive;
    context.setLineDash(negative ? [3 + 1.5 * width, 2 + 0.9 * width] : []);
  }

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

  /** One weight, rimmed with ink. */
  standOut(context, weights, place) {
    const at = this.startOf(place[0]) + 4 * this.layout.index(...place);
    const w = weights.at(place);
    const width = Math.max(2, this.width(Math.abs(w) / weights.scale));
    context.setLineDash([]);
    for (const [colour, wider] of [[this.theme.ink, 4], [this.theme.paper, 1.5]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: width + wider });
      this.lines(context, [at], true);
    }
    this.pen(context, width, w < 0);
    this.lines(context, [at], true);
  }
}
