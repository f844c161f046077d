/** The diagram's DOM above its canvas: names, what can have the focus, buttons, the small label. */

import { digits, fullName, layerName, weightLabel } from "./names.js";
import { unitName, weightName } from "../text/names.js";

const KEYS = `Arrow keys move between units; the unit's map takes the place of the big plot. Enter goes into
  its weights, the bias first: up and down for the next, left and right change it by 0.1, with Shift
  by 0.01, Enter types a number. Escape goes back.`;
const LEGEND = `<span><i class="positive"></i>positive</span><span><i class="negative"></i>negative</span>
  <span>thick: large</span><span class="scale">maps <b>−1</b><i class="shades"></i><b>1</b></span>`;
const LETTER = { small: 6.3, large: 7.4 }; // px, of a name

let diagrams = 0;

export class Overlay {
  /** @param {Element} element */
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
    const part = (name) => element.querySelector(name);
    this.area = part(".nnviz-diagram");
    this.canvas = part("canvas");
    this.units = part(".nnviz-units");
    this.slider = part(".nnviz-weight");
    this.tip = part(".nnviz-tip");
    this.legend = part(".nnviz-legend");
    this.ends = this.legend.querySelectorAll("b");
  }

  setTheme({ paper, signs }) {
    this.area.parentElement.style.setProperty("--negative", signs.negative);
    this.area.parentElement.style.setProperty("--positive", signs.positive);
    this.area.parentElement.style.setProperty("--ground", paper);
  }

  /** Names, buttons and places for the focus, as laid out. */
  build(net, layout) {
    Object.assign(this, { net, layout, letter: layout.roomy ? LETTER.large : LETTER.small });
    this.area.toggleAttribute("data-roomy", layout.roomy);
    const parts = layout.columns.flatMap((column) => [
      this.heading(column),
      ...(column.paged ? [this.pager(column, -1), this.pager(column, 1)] : []),
      ...column.units.flatMap((tile) => [this.place(tile), ...(column.labelled ? [this.label(tile)] : [])]),
    ]);
    this.units.replaceChildren(...parts);
    this.places = new Map(
      [...this.units.querySelectorAll(".nnviz-unit")].map((each) => [`${each.dataset.layer},${each.dataset.unit}`, each]),
    );
  }

  heading({ layer, x }) {
    const room = (this.layout.width - 2) / this.layout.columns.length;
    const whole = layerName(this.net, layer);
    const hidden = layer > 0 && layer < this.net.sizes.length - 1;
    const text = hidden && this.letter * whole.length + 5 > room ? String(layer) : whole;
    const heading = make("span", "nnviz-layer", text);
    heading.title = whole;
    return this.centred(heading, text, x, 0);
  }

  label(tile) {
    const full = fullName(this.net, [tile.layer, tile.unit]);
    const fits = this.letter * full.length < this.layout.gap + tile.tile;
    const text = fits ? full : unitName([tile.layer, tile.unit], this.net);
    const label = make("span", "nnviz-name", text);
    return this.centred(label, text, tile.x, tile.y + tile.tile / 2 + 1);
  }

  /** In the middle of x, but not beyond the sides. */
  centred(element, text, x, top) {
    const half = Math.min((this.letter * text.length) / 2 + 2, this.layout.width / 2);
    const left = Math.max(half, Math.min(this.layout.width - half, x));
    Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
    return element;
  }

  place({ layer, unit, x, y, tile }) {
    const place = make("div", "nnviz-unit");
    Object.assign(place.dataset, { layer, unit });
    Object.assign(place.style, {
      left: `${x - tile / 2}px`, top: `${y - tile / 2}px`, width: `${tile}px`, height: `${tile}px`,
    });
    place.tabIndex = -1;
    place.setAttribute("role", "img");
    place.setAttribute("aria-roledescription", "unit");
    place.setAttribute("aria-label", fullName(this.net, [layer, unit]));
    return place;
  }

  /** The button to the units before (−1) or after (1) those shown. */
  pager({ layer, size, first, count, x, units }, way) {
    const more = way < 0 ? first : size - first - count;
    const roomy = this.layout.gap > 46;
    const button = make("button", "nnviz-more", `${way < 0 ? "▲" : "▼"} ${more ? `+${more}${roomy ? " more" : ""}` : ""}`);
    button.type = "button";
    button.tabIndex = -1; // arrow keys go on by themselves
    Object.assign(button.dataset, { layer, way });
    const words = `${more} more units of ${layerName(this.net, layer)} ${way < 0 ? "above" : "below"}`;
    button.setAttribute("aria-label", words);
    button.title = words;
    button.setAttribute("aria-disabled", String(!more));
    const edge = way < 0 ? units[0] : units.at(-1);
    const top = way < 0 ? edge.y - edge.tile / 2 - 28 : edge.y + edge.tile / 2 + (this.layout.columns[layer].labelled ? 20 : 4);
    Object.assign(button.style, { left: `${x}px`, top: `${top}px` });
    return button;
  }

  /** @param {[number, number]} unit @returns {HTMLElement | undefined} where it can have the focus */
  at(unit) {
    return this.places.get(String(unit));
  }

  /** The button that stands for one that was there before, if it was one. */
  pagerLike({ dataset: { layer, way } }) {
    return way ? this.units.querySelector(`[data-layer="${layer}"][data-way="${way}"]`) : null;
  }

  /** The one unit a Tab leads to. */
  rove(unit) {
    for (const [key, place] of this.places) place.tabIndex = key === String(unit) ? 0 : -1;
  }

  /** The unit that stays in the big plot. */
  pin(unit) {
    for (const [key, place] of this.places) place.toggleAttribute("data-pinned", key === String(unit));
  }

  /** @param {[number, number, number] | null} weight the one the keyboard is at */
  slide(weight) {
    this.slider.hidden = !weight;
    if (!weight) return;
    const [x, y] = this.layout.middle(weight);
    Object.assign(this.slider.style, { left: `${x - 12}px`, top: `${y - 12}px` });
    this.slider.dataset.weight = weight.join();
    this.slider.setAttribute("aria-label", weightName(weight, this.net));
  }

  // --- numbers ---------------------------------------------------------------------------

  /** All that names numbers. Several times a second at most, as it is no picture. */
  tell(weights, scales, looked, weight) {
    for (const { layer, units } of this.layout.columns) {
      for (const { unit } of units) write(this.at([layer, unit]), this.words(weights, [layer, unit]));
    }
    if (weight) this.value(weights.at(weight));
    const hidden = new Set(scales.slice(1, -1));
    const most = hidden.size === 1 ? digits([...hidden][0]).replace(/\.0+$/, "") : hidden.size ? "max" : null;
    this.legend.querySelector(".scale").hidden = !most;
    if (most && this.ends[1].textContent !== most) {
      this.ends[0].textContent = hidden.size === 1 ? `−${most}` : "−max";
      this.ends[1].textContent = most;
    }
    this.note(weights, looked);
  }

  value(value) {
    const { slider } = this;
    if (!Number.isFinite(value)) return;
    const now = String(Number(value.toPrecision(4)));
    if (slider.getAttribute("aria-valuenow") === now) return;
    slider.setAttribute("aria-valuenow", now);
    slider.setAttribute("aria-valuetext", digits(value));
  }

  /** "a₃⁽¹⁾, bias 0.1200" */
  words(weights, [layer, unit]) {
    const name = fullName(this.net, [layer, unit]);
    return layer === 0 ? name : `${name}, bias ${digits(weights.at([layer - 1, 0, unit]))}`;
  }

  /** The small label at what is looked at. */
  note(weights, { unit, weight }) {
    const { tip } = this;
    const text = unit ? this.words(weights, unit) : weight ? `${weightLabel(this.net, weight)}: ${digits(weights.at(weight))} ↕` : "";
    if (tip.textContent !== text) tip.textContent = text;
  }

  /** Where that label stands; without anything to look at, it goes. */
  point({ unit, weight }) {
    const { tip, layout } = this;
    const what = String(unit ?? weight ?? "");
    tip.hidden = !what;
    if (!what || tip.dataset.at === what) return;
    tip.dataset.at = what;
    const half = tip.offsetWidth / 2 + 8; // numbers change their width
    const tile = unit && layout.tile(unit);
    const [x, y] = tile ? [tile.x, tile.y - tile.tile / 2] : layout.middle(weight);
    const left = Math.max(half, Math.min(layout.width - half, x));
    const above = y > 40;
    const under = tile ? tile.tile + (layout.columns[tile.layer].labelled ? 20 : 6) : 16;
    Object.assign(tip.style, { left: `${left}px`, top: `${above ? y - (tile ? 4 : 14) : y + under}px` });
    tip.toggleAttribute("data-below", !above);
  }
}

function make(tag, className, text = "") {
  return Object.assign(document.createElement(tag), { className, textContent: text });
}

function write(element, label) {
  if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
}

