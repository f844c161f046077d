/** The diagram's DOM above its canvas: names, elements for the focus, buttons, the small label. */

import { digits, fullName, layerName, weightLabel } from "./names.js";
import { counted } from "../text/format.js";
import { unitName, weightName } from "../text/names.js";

/**
 * @typedef {import("./layout.js").Column} Column
 * @typedef {import("./layout.js").Layout} Layout
 * @typedef {import("./layout.js").Tile} Tile
 * @typedef {import("./names.js").Net} Net
 * @typedef {import("./names.js").Target} Target
 * @typedef {import("./names.js").Unit} Unit
 * @typedef {import("./names.js").Place} Place
 * @typedef {import("./weights.js").Weights} Weights
 */

const KEYS = `On a unit, the arrow keys go to another unit. The plot shows the map of the unit with the focus.
  Enter: its weights, the bias first. On a weight, Up and Down: next weight. Left and Right: change it by 0.1
  (0.01 with Shift). Enter: type a number. Escape: back to the unit.`;
const LEGEND = `<span><i class="positive"></i>positive</span><span><i class="negative"></i>negative</span>
  <span>thick: large</span><span class="scale">maps <b>−1</b><i class="shades"></i><b>1</b></span>`;
const LETTER = { small: 6.3, large: 7.4 }; // px, of a name

let diagrams = 0;

export class Overlay {
  /** @type {Net} */
  net;
  /** @type {Layout} */
  layout;
  letter = LETTER.small;
  /** The element of each unit shown, by layer and unit. @type {Map<string, HTMLElement>} */
  elements = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    const help = `nnviz-keys-${++diagrams}`;
    element.innerHTML = `
      <div class="nnviz-diagram" role="application" aria-label="Network diagram" aria-describedby="${help}">
        <canvas aria-hidden="true"></canvas>
        <div class="nnviz-units"></div>
        <div class="nnviz-weight" role="slider" tabindex="-1" aria-orientation="horizontal"
          aria-valuemin="-1000000" aria-valuemax="1000000" hidden></div>
        <div class="nnviz-tip" aria-hidden="true" hidden></div>
      </div>
      <p class="nnviz-legend">${LEGEND}</p>
      <p class="nnviz-keys" id="${help}" hidden>${KEYS}</p>`;
    /** @param {string} selector @returns {HTMLElement} */
    const part = (selector) => element.querySelector(selector);
    this.canvas = element.querySelector("canvas");
    this.area = part(".nnviz-diagram");
    this.units = part(".nnviz-units");
    this.slider = part(".nnviz-weight");
    this.tip = part(".nnviz-tip");
    this.scale = part(".nnviz-legend .scale");
    this.ends = this.scale.querySelectorAll("b");
  }

  /** @param {import("../plane/plane.js").Theme} theme */
  setTheme({ paper, signs }) {
    this.area.parentElement.style.setProperty("--negative", signs.negative);
    this.area.parentElement.style.setProperty("--positive", signs.positive);
    this.area.parentElement.style.setProperty("--ground", paper);
  }

  /**
   * Make names, buttons and elements for the focus, as laid out.
   * @param {Net} net @param {Layout} layout
   */
  build(net, layout) {
    this.net = net;
    this.layout = layout;
    this.letter = layout.roomy ? LETTER.large : LETTER.small;
    this.area.toggleAttribute("data-roomy", layout.roomy);
    this.elements.clear();
    const parts = layout.columns.flatMap((column) => [
      this.heading(column),
      ...(column.paged ? [this.pager(column, -1), this.pager(column, 1)] : []),
      ...column.units.flatMap((tile) => [this.unitElement(tile), ...(column.labelled ? [this.label(tile)] : [])]),
    ]);
    this.units.replaceChildren(...parts);
  }

  /** @param {Column} column */
  heading({ layer, x }) {
    const room = (this.layout.width - 2) / this.layout.columns.length;
    const whole = layerName(this.net, layer);
    const hidden = layer > 0 && layer < this.net.sizes.length - 1;
    const text = hidden && this.letter * whole.length + 5 > room ? String(layer) : whole;
    const heading = make("span", "nnviz-layer", text);
    heading.title = whole;
    return this.centred(heading, text, x, 0);
  }

  /** @param {Tile} tile */
  label(tile) {
    const full = fullName(this.net, [tile.layer, tile.unit]);
    const fits = this.letter * full.length < this.layout.gap + tile.tile;
    const text = fits ? full : unitName([tile.layer, tile.unit], this.net);
    const label = make("span", "nnviz-name", text);
    return this.centred(label, text, tile.x, tile.y + tile.tile / 2 + 1);
  }

  /**
   * In the middle of x, but not beyond the sides.
   * @param {HTMLElement} element @param {string} text @param {number} x @param {number} top
   */
  centred(element, text, x, top) {
    const half = Math.min((this.letter * text.length) / 2 + 2, this.layout.width / 2);
    const left = Math.max(half, Math.min(this.layout.width - half, x));
    Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
    return element;
  }

  /** What can have the focus for a unit. @param {Tile} tile */
  unitElement({ layer, unit, x, y, tile }) {
    const element = make("div", "nnviz-unit");
    element.dataset.layer = String(layer);
    element.dataset.unit = String(unit);
    Object.assign(element.style, {
      left: `${x - tile / 2}px`, top: `${y - tile / 2}px`, width: `${tile}px`, height: `${tile}px`,
    });
    element.tabIndex = -1;
    element.setAttribute("role", "img");
    element.setAttribute("aria-roledescription", "unit");
    element.setAttribute("aria-label", fullName(this.net, [layer, unit]));
    this.elements.set(String([layer, unit]), element);
    return element;
  }

  /**
   * The button to the units before (−1) or after (1) those shown.
   * @param {Column} column @param {-1 | 1} step
   */
  pager({ layer, size, first, count, x, units }, step) {
    const more = step < 0 ? first : size - first - count;
    const roomy = this.layout.gap > 46;
    const button = make("button", "nnviz-more", `${step < 0 ? "▲" : "▼"} ${more ? `+${more}${roomy ? " more" : ""}` : ""}`);
    button.type = "button";
    button.tabIndex = -1; // arrow keys go on by themselves
    button.dataset.layer = String(layer);
    button.dataset.way = String(step);
    const name = `${counted(more, "more unit")} of ${layerName(this.net, layer)} ${step < 0 ? "above" : "below"}`;
    button.setAttribute("aria-label", name);
    button.title = name;
    button.setAttribute("aria-disabled", String(!more));
    const edge = step < 0 ? units[0] : units.at(-1);
    const top = step < 0 ? edge.y - edge.tile / 2 - 28 : edge.y + edge.tile / 2 + (this.layout.columns[layer].labelled ? 20 : 4);
    Object.assign(button.style, { left: `${x}px`, top: `${top}px` });
    return button;
  }

  /** @param {Unit} unit @returns {HTMLElement | undefined} where it can have the focus */
  elementOf(unit) {
    return this.elements.get(String(unit));
  }

  /**
   * The button in the place of one that was there before, if it was one.
   * @param {HTMLElement} element @returns {HTMLElement?}
   */
  pagerLike({ dataset: { layer, way } }) {
    return way ? this.units.querySelector(`[data-layer="${layer}"][data-way="${way}"]`) : null;
  }

  /** Let a Tab lead to one unit. @param {Unit} unit */
  setTabStop(unit) {
    for (const [key, element] of this.elements) element.tabIndex = key === String(unit) ? 0 : -1;
  }

  /** Mark the unit that is pinned. @param {Unit?} unit */
  markPinned(unit) {
    for (const [key, element] of this.elements) element.toggleAttribute("data-pinned", key === String(unit));
  }

  /** Put the slider onto the weight that the keyboard is at. @param {Place?} weight */
  placeSlider(weight) {
    this.slider.hidden = !weight;
    if (!weight) return;
    const [x, y] = this.layout.position(weight);
    Object.assign(this.slider.style, { left: `${x - 12}px`, top: `${y - 12}px` });
    this.slider.dataset.weight = weight.join();
    this.slider.setAttribute("aria-label", weightName(weight, this.net));
  }

  // --- numbers ---------------------------------------------------------------------------

  /**
   * Write all that shows numbers: a few times a second at most, as it is slower than the picture.
   * @param {Weights} weights @param {number[]} scales of the maps, one per layer
   * @param {Target} highlighted @param {Place?} weight the one at the slider
   */
  writeNumbers(weights, scales, highlighted, weight) {
    for (const { layer, units } of this.layout.columns) {
      for (const { unit } of units) writeLabel(this.elementOf([layer, unit]), this.describe(weights, [layer, unit]));
    }
    if (weight) this.setValue(weights.at(weight));
    const hidden = new Set(scales.slice(1, -1));
    const most = hidden.size === 1 ? digits([...hidden][0]).replace(/\.0+$/, "") : hidden.size ? "max" : null;
    this.scale.hidden = !most;
    if (most && this.ends[1].textContent !== most) {
      this.ends[0].textContent = hidden.size === 1 ? `−${most}` : "−max";
      this.ends[1].textContent = most;
    }
    this.writeTip(weights, highlighted);
  }

  /** Set the slider's value. @param {number} value */
  setValue(value) {
    const { slider } = this;
    if (!Number.isFinite(value)) return;
    const now = String(Number(value.toPrecision(4)));
    if (slider.getAttribute("aria-valuenow") === now) return;
    slider.setAttribute("aria-valuenow", now);
    slider.setAttribute("aria-valuetext", digits(value));
  }

  /** Such as "a₃[1], bias 0.1200". @param {Weights} weights @param {Unit} unit */
  describe(weights, [layer, unit]) {
    const name = fullName(this.net, [layer, unit]);
    return layer === 0 ? name : `${name}, bias ${digits(weights.at([layer - 1, 0, unit]))}`;
  }

  /**
   * Write the small label of the unit or weight highlighted.
   * @param {Weights} weights @param {Target} highlighted
   */
  writeTip(weights, { unit, weight }) {
    const { tip } = this;
    const text = unit ? this.describe(weights, unit) : weight ? `${weightLabel(this.net, weight)}: ${digits(weights.at(weight))} ↕` : "";
    if (tip.textContent !== text) tip.textContent = text;
  }

  /** Place that label, or hide it where nothing is highlighted. @param {Target} highlighted */
  placeTip({ unit, weight }) {
    const { tip, layout } = this;
    const what = String(unit ?? weight ?? "");
    tip.hidden = !what;
    if (!what || tip.dataset.at === what) return;
    tip.dataset.at = what;
    const half = tip.offsetWidth / 2 + 8; // numbers change their width
    const tile = unit && layout.tile(unit);
    const [x, y] = tile ? [tile.x, tile.y - tile.tile / 2] : layout.position(weight);
    const left = Math.max(half, Math.min(layout.width - half, x));
    const above = y > 40;
    const under = tile ? tile.tile + (layout.columns[tile.layer].labelled ? 20 : 6) : 16;
    Object.assign(tip.style, { left: `${left}px`, top: `${above ? y - (tile ? 4 : 14) : y + under}px` });
    tip.toggleAttribute("data-below", !above);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} className @param {string} text
 */
function make(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

/** @param {HTMLElement} element @param {string} label */
function writeLabel(element, label) {
  if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
}
