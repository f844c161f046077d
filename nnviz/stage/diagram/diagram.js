/**
 * The network as a diagram: units as small maps of what they say, weights as edges between them,
 * every bias, and all of it to be changed by hand.
 *
 * A canvas holds what moves with the run; the DOM above it only names, focus and buttons.
 */

import { Atlas } from "./atlas.js";
import { Drawing } from "./drawing.js";
import { Editor } from "./editor.js";
import { bindKeys, bindPointers } from "./input.js";
import { Layout } from "./layout.js";
import { digits, layerName } from "./names.js";
import { Overlay } from "./overlay.js";
import { Weights } from "./weights.js";
import { weightName } from "../text/names.js";

const REST = 200; // ms between two readings of the numbers that stand in the DOM
const UNSEEN = [320, 520]; // px taken for the size while the element has none

/** @typedef {import("./names.js").Net} Net */

export class Diagram {
  /**
   * @param {HTMLElement} element to be filled
   * @param {object} on
   * @param {(unit: [number, number] | null) => void} on.unit is looked at, or none any more
   * @param {(place: [number, number, number], value: number, settled: boolean) => void} on.edit
   *   an entry of `network.weights[matrix]` changes; row 0 is the bias
   * @param {() => void} on.windows other units are shown: pictures of them are wanted
   * @param {(text: string) => void} on.say to a screen reader
   * @param {AbortSignal} signal
   */
  constructor(element, on, signal) {
    this.element = element;
    this.on = on;
    this.overlay = new Overlay(element);
    this.drawing = new Drawing(this.overlay.canvas);
    this.atlas = new Atlas();
    this.weights = new Weights();
    this.editor = new Editor(this.overlay.area, (place, value) => {
      this.letGo(); // the boundary shows what it did
      this.change(place, value, true);
      on.say(`${weightName(place, this.net)} is ${digits(value)}`);
    }, signal);
    bindPointers(this, this.overlay.area, signal);
    bindKeys(this, this.overlay.area, this.overlay.slider, signal);
    signal.addEventListener("abort", () => this.dispose());
  }

  dispose() {
    cancelAnimationFrame(this.drawn);
    clearTimeout(this.telling);
    this.weights.clear();
  }

  /** Whether it can be seen. */
  get visible() {
    return this.element.clientWidth > 0;
  }

  /** [first unit, number] for every layer, as a request's `network` asks for; null before `prepare`. */
  get windows() {
    return this.layout?.windows ?? null;
  }

  /** @param {Net} net @param {object} theme @param {{colour: string}[]} styles one a class */
  prepare(net, theme, styles) {
    const same = JSON.stringify(net.sizes) === JSON.stringify(this.net?.sizes);
    this.net = net;
    this.drawing.setTheme(theme);
    this.overlay.setTheme(theme);
    this.atlas.setColours(theme, styles.map((style) => style.colour), net.sizes.at(-1));
    this.editor.close(false);
    this.shown = null; // the stage shows the field of a new run, until it is told otherwise
    if (!same) {
      this.firsts = net.sizes.map(() => 0);
      this.current = [0, 0]; // where Tab leads to
      this.weight = this.hovered = this.focused = null;
      this.weights.clear();
      this.frame = null;
      this.keep(null);
    }
    this.arrange();
    if (this.frame) this.atlas.take(this.frame.maps, this.windows);
  }

  /** @param {{maps: object, weights: object, network: {windows: number[][], scales: number[]}}} frame */
  paint(frame) {
    if (!frame.network || JSON.stringify(frame.network.windows) !== JSON.stringify(this.windows)) return;
    this.frame = frame;
    this.weights.take(frame.weights.data, this.windows);
    this.atlas.take(frame.maps, this.windows);
    this.drawing.renew();
    this.draw();
    this.tellSoon();
  }

  resize() {
    if (this.net && this.visible) this.arrange();
  }

  /** No unit is kept in the big plot any more. */
  letGo() {
    this.focused = null;
    this.keep(null);
    this.look();
  }

  // --- the picture -----------------------------------------------------------------------

  arrange() {
    const { area } = this.overlay;
    const before = JSON.stringify(this.windows);
    const size = this.visible ? [area.clientWidth, area.clientHeight] : UNSEEN;
    this.layout = new Layout(this.net.sizes, this.firsts, ...size);
    this.firsts = this.layout.columns.map(({ first }) => first);
    const focus = this.overlay.units.contains(document.activeElement) && document.activeElement;
    this.building = true;
    this.overlay.build(this.net, this.layout);
    this.building = false;
    this.drawing.setLayout(this.layout);
    if (this.weight && !this.shows(this.weight)) this.weight = null;
    if (!this.layout.tile(this.current)) this.current[1] = this.firsts[this.current[0]];
    this.overlay.rove(this.current);
    this.overlay.pin(this.pinned);
    this.overlay.slide(this.weight);
    if (focus) (this.overlay.pagerLike(focus) ?? this.overlay.at(this.current)).focus({ preventScroll: true });
    this.hovered = null;
    if (JSON.stringify(this.windows) !== before) {
      this.frame = null;
      this.weights.data = undefined;
      if (before !== undefined) this.on.windows();
    } else if (this.frame) this.tell();
    this.look();
  }

  shows([matrix, row, column]) {
    return Boolean(this.layout.tile([matrix + 1, column]) && (row === 0 || this.layout.tile([matrix, row - 1])));
  }

  draw() {
    cancelAnimationFrame(this.drawn);
    this.drawn = undefined;
    const moving = Boolean(this.weights.data) && this.weights.settle();
    if (moving) this.drawing.renew();
    const left = this.drawing.draw(this.weights, this.frame ? this.atlas : null, this.looked);
    if (moving || left) this.drawSoon(); // unless the next frame comes first
  }

  drawSoon() {
    this.drawn ??= requestAnimationFrame(() => {
      this.drawn = undefined;
      this.draw();
    });
  }

  /** Numbers in the DOM follow the picture at a distance. */
  tellSoon() {
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      if (this.frame) this.tell();
    }, Math.max(0, (this.told ?? 0) + REST - performance.now()));
  }

  tell() {
    this.told = performance.now();
    this.overlay.tell(this.weights, this.frame.network.scales, this.looked, this.weight);
  }

  // --- looking ---------------------------------------------------------------------------

  /** What stands out: under the pointer, else at the keyboard, else kept by a click. */
  get looked() {
    return this.hovered ?? (this.weight ? { weight: this.weight } : { unit: this.focused ?? this.pinned ?? undefined });
  }

  hit(x, y, reach) {
    return this.layout?.at(x, y, reach) ?? null;
  }

  /** @param {{unit?: [number, number], weight?: [number, number, number]} | null} found */
  hover(found) {
    if (JSON.stringify(found) === JSON.stringify(this.hovered)) return;
    this.hovered = found;
    this.overlay.area.dataset.over = found ? Object.keys(found)[0] : "";
    this.look();
  }

  /** Shows what is looked at, and says which unit's map belongs in the big plot. */
  look() {
    const { looked } = this;
    const unit = this.hovered?.unit ?? this.focused ?? this.pinned ?? null;
    if (String(unit) !== String(this.shown ?? null)) {
      this.shown = unit;
      this.on.unit(unit && [...unit]);
    }
    this.overlay.note(this.weights, looked);
    this.overlay.point(looked);
    this.drawSoon();
  }

  /** A click on a unit keeps it in the big plot; a second one lets go. */
  pin(unit) {
    const again = String(unit) === String(this.pinned);
    this.keep(again ? null : unit);
    if (again) {
      this.focused = null;
      this.hovered = null;
    }
    this.look();
  }

  keep(unit) {
    this.pinned = unit;
    if (this.layout) this.overlay.pin(unit);
  }

  // --- the keyboard ----------------------------------------------------------------------

  focus(unit) {
    Object.assign(this, { current: unit, focused: unit, weight: null, hovered: null });
    this.overlay.rove(unit);
    this.overlay.slide(null);
    this.look();
  }

  blur() {
    if (this.building) return; // the focus comes back
    Object.assign(this, { focused: null, weight: null });
    this.overlay.slide(null);
    this.look();
  }

  /** To the unit in the next layer that is nearest, or to the next one of this layer. */
  walk(layers, units) {
    const [layer, unit] = this.current;
    const { columns } = this.layout;
    if (layers) {
      const { y } = this.layout.tile(this.current);
      const others = columns[layer + layers]?.units ?? [];
      const [nearest] = [...others].sort((a, b) => Math.abs(a.y - y) - Math.abs(b.y - y));
      if (nearest) this.goTo([nearest.layer, nearest.unit]);
      return;
    }
    const to = unit + units;
    if (to < 0 || to >= columns[layer].size) return;
    if (!this.layout.tile([layer, to])) this.page(layer, units);
    this.goTo([layer, to]);
  }

  goTo(unit) {
    this.overlay.at(unit)?.focus({ preventScroll: true });
  }

  /** A page of the layer the keyboard is in. */
  leaf(way) {
    const [layer] = this.current;
    this.page(layer, way);
    const { units } = this.layout.columns[layer];
    this.goTo([layer, (way < 0 ? units[0] : units.at(-1)).unit]);
  }

  /** Other units of a layer that does not fit. */
  page(layer, way) {
    const { first, count, size } = this.layout.columns[layer];
    const to = Math.max(0, Math.min(size - count, first + way * count));
    if (to === first) return;
    this.firsts[layer] = to;
    if (this.current[0] === layer) this.current = [layer, way < 0 ? to + count - 1 : to];
    this.arrange();
    this.on.say(`${layerName(this.net, layer)}: units ${to + 1} to ${to + count} of ${size}`);
  }

  /** From a unit to its weights, the bias first. */
  enter() {
    const [layer, unit] = this.current;
    if (layer > 0) this.select([layer - 1, 0, unit]);
  }

  select(weight) {
    this.weight = weight;
    this.overlay.slide(weight);
    this.overlay.value(this.weights.at(weight));
    this.overlay.slider.focus({ preventScroll: true });
    this.look();
  }

  /** The weight after or before, of those that are shown. */
  next(way) {
    const [matrix, row, column] = this.weight;
    const { first, count } = this.layout.columns[matrix];
    const at = row === 0 ? 0 : row - first;
    const to = Math.max(0, Math.min(count, at + way));
    this.select([matrix, to && first + to, column]);
  }

  leave() {
    this.goTo(this.current);
  }

  // --- changing --------------------------------------------------------------------------

  valueOf(weight) {
    return this.weights.at(weight);
  }

  change(weight, value, settled) {
    this.weights.hold(weight, value);
    this.drawing.renew();
    if (settled) this.weights.release();
    this.on.edit([...weight], value, settled);
    this.overlay.note(this.weights, this.looked);
    if (this.weight) this.overlay.value(this.weights.at(this.weight));
    this.drawSoon();
  }

  /** The end of a drag, or of a key held down. */
  settle() {
    const { held } = this.weights;
    if (held) this.change(held.place, held.value, true);
  }

  /** Opens the field for a number. */
  type(weight) {
    const { layout, overlay } = this;
    this.editor.show(this.net, weight, this.weights.at(weight), layout.middle(weight), [layout.width, overlay.area.clientHeight]);
  }
}
