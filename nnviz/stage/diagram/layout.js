/** Where everything in the diagram stands, in CSS pixels. Pure geometry: draws nothing. */

const HEAD = 20; // the layers' names on top
const PAGER = 26; // a button above and below a layer that does not fit
const LABEL = { small: 14, large: 17 }; // a unit's name under its tile
const ROOMY = 520; // px of width from which names are larger
const TILE = { least: 18, most: 52, alone: 120 }; // as large as the last where all layers are small
const GAP = 7; // between a tile and what comes below it
const LEAST_PITCH = 27; // from unit to unit
const MOST_GAP = 44; // between the tiles of a layer
const MOST_EDGES = 1500; // more could not be seen, nor drawn in time
const MOST_UNITS = 32; // of one layer in a reply: MOST_DRAWN in nnviz/live/requests.py
const REACH = 12; // half of the square around a bias that can be hit

/**
 * @typedef {import("./names.js").Unit} Unit
 * @typedef {import("./names.js").Place} Place
 *
 * @typedef {{layer: number, unit: number, x: number, y: number, tile: number}} Tile x, y: its centre
 * @typedef {{layer: number, size: number, first: number, count: number, x: number, tile: number,
 *   labelled: boolean, paged: boolean, units: Tile[]}} Column a layer: `size` units, `count` shown
 * @typedef {{weight: Place, distance: number}} Near a weight, and how far away it is
 */

export class Layout {
  /**
   * @param {number[]} sizes units per layer
   * @param {number[]} firsts the first unit shown of every layer
   * @param {number} width @param {number} height
   */
  constructor(sizes, firsts, width, height) {
    this.width = width;
    this.height = height;
    this.roomy = width >= ROOMY;
    const label = this.roomy ? LABEL.large : LABEL.small;
    const alone = (height - HEAD) / Math.max(...sizes) - label - GAP;
    const most = Math.max(TILE.most, Math.min(TILE.alone, alone));
    const side = most / 2 + 8;
    const widest = (width - 2 * side) / (sizes.length - 1);
    const across = Math.max(TILE.least, Math.min(most, widest / 2, widest - 22)); // edges need room as well
    const left = across / 2 + 13; // with room for the bias markers
    const right = Math.max(across / 2 + 6, sizes.length < 6 ? (this.roomy ? 46 : 38) : 0); // classes have long names
    const pitch = (width - left - right) / (sizes.length - 1);
    const fits = fitting(sizes, height);
    /** @type {Column[]} */
    this.columns = sizes.map((size, layer) => columnOf(layer, size, fits, firsts[layer], {
      x: left + layer * pitch, across, height, label,
    }));
    this.gap = pitch - across;
    const closest = Math.min(...this.columns.map(({ units }) => (units[1]?.y ?? Infinity) - units[0].y));
    this.thickest = Math.max(2, Math.min(6, closest / 8, this.gap / 5)); // px: the largest weight
    const pairs = Math.max(...this.columns.slice(1).map(({ count }, i) => count * this.columns[i].count));
    this.faintest = Math.max(0.25, Math.min(1, 60 / pairs)); // opacity of the smallest weight: many would hide the rest
    this.ends = endsOf(this.columns); // of all edges
    let start = 0; // of each matrix's edges in them
    /** The ends of each matrix's edges. */
    this.edges = this.columns.slice(1).map((to, matrix) => {
      const stop = start + 4 * this.columns[matrix].count * to.count;
      const part = this.ends.subarray(start, stop);
      start = stop;
      return part;
    });
  }

  /** Which units are shown of every layer. @returns {import("./names.js").UnitWindow[]} */
  get windows() {
    return this.columns.map(({ first, count }) => [first, count]);
  }

  /** @param {Unit} unit @returns {Tile | undefined} if it is shown */
  tile([layer, unit]) {
    const { units, first } = this.columns[layer];
    return units[unit - first];
  }

  /** Where the bias of a unit is drawn. @param {Tile} tile @returns {[x: number, y: number]} */
  static marker({ x, y, tile }) {
    return [x - tile / 2 - 4, y + tile / 2 - 3];
  }

  /**
   * Where a weight is drawn: a bias's marker, the middle of an edge.
   * @param {Place} weight @returns {[x: number, y: number]}
   */
  position([matrix, row, column]) {
    if (row === 0) return Layout.marker(this.tile([matrix + 1, column]));
    const at = 4 * this.edgeIndex([matrix, row, column]);
    const [x1, y1, x2, y2] = this.edges[matrix].subarray(at, at + 4);
    // the edges of one unit meet at its tile, and cross those of others in the middle
    return [x1 + 0.6 * (x2 - x1), y1 + 0.6 * (y2 - y1)];
  }

  /** Its number among the edges of its matrix. @param {Place} weight */
  edgeIndex([matrix, row, column]) {
    const [below, above] = [this.columns[matrix], this.columns[matrix + 1]];
    return (row - 1 - below.first) * above.count + column - above.first;
  }

  /** Whether both ends of a weight are shown. @param {Place} weight */
  shows([matrix, row, column]) {
    return Boolean(this.tile([matrix + 1, column]) && (row === 0 || this.tile([matrix, row - 1])));
  }

  /**
   * What lies at a point: a tile first, then the nearer of bias and edge.
   * @param {number} x @param {number} y
   * @param {number} reach px an edge may be away
   * @returns {import("./names.js").Target?}
   */
  at(x, y, reach = 6) {
    /** @param {number} margin px around a tile */
    const on = (margin) => this.find((t) => Math.max(Math.abs(x - t.x), Math.abs(y - t.y)) <= t.tile / 2 + margin);
    const tile = on(0);
    if (tile) return { unit: [tile.layer, tile.unit] };
    const bias = this.nearestBias(x, y);
    const edge = this.nearestEdge(x, y, reach);
    if (bias && (!edge || bias.distance - 5 <= edge.distance)) return { weight: bias.weight };
    if (edge) return { weight: edge.weight };
    const near = on(3);
    return near ? { unit: [near.layer, near.unit] } : null;
  }

  /** @param {(tile: Tile) => boolean} isIt @returns {Tile?} */
  find(isIt) {
    for (const { units } of this.columns) {
      const found = units.find(isIt);
      if (found) return found;
    }
    return null;
  }

  /** @param {number} x @param {number} y @returns {Near?} */
  nearestBias(x, y) {
    /** @type {Near?} */
    let best = null;
    for (const { units } of this.columns.slice(1)) {
      for (const tile of units) {
        const [mx, my] = Layout.marker(tile);
        if (Math.max(Math.abs(x - mx), Math.abs(y - my)) > REACH) continue;
        const distance = Math.hypot(x - mx, y - my);
        if (!best || distance < best.distance) best = { weight: [tile.layer - 1, 0, tile.unit], distance };
      }
    }
    return best;
  }

  /** @param {number} x @param {number} y @param {number} reach @returns {Near?} */
  nearestEdge(x, y, reach) {
    /** @type {Near?} */
    let best = null;
    this.edges.forEach((edges, matrix) => {
      if (x < edges[0] - reach || x > edges[2] + reach) return;
      for (let at = 0; at < edges.length; at += 4) {
        const distance = distanceTo(edges, at, x, y);
        if (distance > reach || (best && distance >= best.distance)) continue;
        const [below, above] = [this.columns[matrix], this.columns[matrix + 1]];
        const row = 1 + below.first + Math.floor(at / 4 / above.count);
        best = { weight: [matrix, row, above.first + ((at / 4) % above.count)], distance };
      }
    });
    return best;
  }
}

/**
 * How many units of a layer of some size can be shown.
 * @param {number[]} sizes @param {number} height @returns {(size: number) => number}
 */
function fitting(sizes, height) {
  const all = Math.floor((height - HEAD) / LEAST_PITCH);
  const paged = Math.floor((height - HEAD - 2 * PAGER) / LEAST_PITCH);
  /** @param {number} size @param {number} most */
  const shown = (size, most) => (size <= all && size <= most ? size : Math.min(size, paged, most));
  let most = MOST_UNITS;
  const edges = () => sizes.slice(1).reduce((sum, size, i) => sum + shown(size, most) * shown(sizes[i], most), 0);
  while (most > 4 && edges() > MOST_EDGES) most -= 1;
  return (size) => Math.max(1, shown(size, most));
}

/**
 * @param {number} layer @param {number} size units
 * @param {(size: number) => number} fits
 * @param {number} wanted the first unit to be shown
 * @param {{x: number, across: number, height: number, label: number}} room
 * @returns {Column}
 */
function columnOf(layer, size, fits, wanted, { x, across, height, label }) {
  const count = fits(size);
  const first = Math.max(0, Math.min(wanted, size - count));
  const paged = count < size;
  const top = HEAD + (paged ? PAGER : 0);
  const bottom = height - (paged ? PAGER : 0);
  const pitch = Math.min(Math.max(across, TILE.most) + MOST_GAP, (bottom - top) / count);
  const labelled = pitch >= TILE.least + 4 + label + GAP;
  const below = labelled ? label : 0;
  const tile = Math.max(TILE.least, Math.min(across, pitch - below - GAP));
  const start = (top + bottom - count * pitch) / 2 + (pitch - below) / 2;
  const units = Array.from({ length: count }, (_, i) => ({
    layer, unit: first + i, x, y: start + i * pitch, tile,
  }));
  return { layer, size, first, count, x, tile, labelled, paged, units };
}

/** x₁, y₁, x₂, y₂ of every edge, in the order of the weights. @param {Column[]} columns */
function endsOf(columns) {
  const pairs = columns.slice(1).map((to, matrix) => [columns[matrix], to]);
  return Float32Array.from(pairs.flatMap(([from, to]) =>
    from.units.flatMap((below) =>
      to.units.flatMap((above) => [from.x + from.tile / 2, below.y, to.x - to.tile / 2, above.y]),
    ),
  ));
}

/**
 * How far a point is from an edge.
 * @param {Float32Array} edges @param {number} at where its ends begin
 * @param {number} x @param {number} y
 */
function distanceTo(edges, at, x, y) {
  const [x1, y1] = [edges[at], edges[at + 1]];
  const [dx, dy] = [edges[at + 2] - x1, edges[at + 3] - y1];
  const t = Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - x1 - t * dx, y - y1 - t * dy);
}
