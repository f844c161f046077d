/**
 * The network as a diagram: each unit as a small map of its activation, weights as edges between
 * them, and every bias. All weights can be changed by hand.
 *
 * A canvas holds what moves with the run; the DOM above it only names, focus and buttons.
 */

import { Atlas } from "./atlas.js";
import { Drawing } from "./drawing.js";
import { Editor } from "./editor.js";
import { Focus } from "./focus.js";
import { bindDiagramKeys, bindPointers } from "./input.js";
import { Layout } from "./layout.js";
import { digits, layerName } from "./names.js";
import { Overlay } from "./overlay.js";
import { Selection } from "./selection.js";
import { Weights } from "./weights.js";
import { weightName } from "../text/names.js";

/**
 * @typedef {import("./names.js").Net} Net
 * @typedef {import("./names.js").Target} Target
 * @typedef {import("./names.js").Unit} Unit
 * @typedef {import("./names.js").Place} Place
 * @typedef {import("../plane/plane.js").Frame} Frame
 */

/**
 * @typedef {object} DiagramEvents
 * @property {(unit: Unit?) => void} unit the plot is to show the map of this unit, or of none any more
 * @property {(weight: Place, value: number, settled: boolean) => void} edit
 *   an entry of `network.weights[matrix]` changes; row 0 is the bias
 * @property {() => void} windows other units are shown: pictures of them are needed
 * @property {(text: string) => void} announce to a screen reader
 */

const REST = 200; // ms between two updates of the numbers in the DOM
const UNSEEN = [320, 520]; // px: width and height while the element is hidden

export class Diagram {
  atlas = new Atlas();
  weights = new Weights();
  selection = new Selection();
  focus = new Focus(this);
  /** Set by `prepare`, as all below. @type {Net | undefined} */
  net;
  /** @type {Layout | undefined} */
  layout;
  /** The first unit shown of every layer. @type {number[]} */
  firsts = [];
  /** The frame drawn; null while there is none of the units shown. @type {Frame?} */
  frame = null;
  /** The unit whose map the plot shows. @type {Unit?} */
  shown = null;
  /** Whether the elements that have the focus are being replaced. */
  building = false;
  /** The animation frame of the next drawing. @type {number | undefined} */
  scheduled;
  /** The timer until the numbers are written. @type {number | undefined} */
  timer;
  writtenAt = -Infinity; // when the numbers were written, in ms

  /** @param {HTMLElement} element to be filled @param {DiagramEvents} on @param {AbortSignal} signal */
  constructor(element, on, signal) {
    this.element = element;
    this.on = on;
    this.overlay = new Overlay(element);
    this.drawing = new Drawing(this.overlay.canvas);
    this.editor = new Editor(this.overlay.area, (weight, value) => {
      this.unpin(); // so that the plot shows how the boundary has changed
      this.change(weight, value, true);
      on.announce(`${weightName(weight, this.net)} is ${digits(value)}`);
    }, signal);
    bindPointers(this, this.overlay.area, signal);
    bindDiagramKeys(this, this.overlay.area, this.overlay.slider, signal);
    signal.addEventListener("abort", () => this.dispose());
  }

  dispose() {
    cancelAnimationFrame(this.scheduled);
    clearTimeout(this.timer);
    this.weights.clear();
  }

  /** Whether it can be seen. */
  get visible() {
    return this.element.clientWidth > 0;
  }

  /** Which units are shown of every layer, as a request's `network` names them; null before `prepare`. */
  get windows() {
    return this.layout?.windows ?? null;
  }

  /**
   * Another network, data set or theme.
   * @param {Net} net @param {import("../plane/plane.js").Theme} theme
   * @param {import("../plane/plane.js").Style[]} styles one per class
   */
  prepare(net, theme, styles) {
    const same = JSON.stringify(net.sizes) === JSON.stringify(this.net?.sizes);
    this.net = net;
    this.drawing.setTheme(theme);
    this.overlay.setTheme(theme);
    this.atlas.setColours(theme, styles.map((style) => style.colour), net.sizes.at(-1));
    this.editor.close(false);
    this.shown = null; // of a new run the plot shows the field first
    if (!same) {
      this.firsts = net.sizes.map(() => 0);
      this.focus.current = [0, 0];
      this.selection.clear();
      this.weights.clear();
      this.frame = null;
    }
    this.arrange();
    if (this.frame) this.atlas.update(this.frame.maps, this.windows);
  }

  /** @param {Frame} frame */
  paint(frame) {
    if (!frame.network || JSON.stringify(frame.network.windows) !== JSON.stringify(this.windows)) return;
    this.frame = frame;
    this.weights.update(frame.weights.data, this.windows);
    this.atlas.update(frame.maps, this.windows);
    this.drawing.renew();
    this.draw();
    this.writeNumbersSoon();
  }

  resize() {
    if (this.net && this.visible) this.arrange();
  }

  // --- the picture -----------------------------------------------------------------------

  arrange() {
    const { focus, overlay, selection } = this;
    const before = JSON.stringify(this.windows);
    const [width, height] = this.visible ? [overlay.area.clientWidth, overlay.area.clientHeight] : UNSEEN;
    this.layout = new Layout(this.net.sizes, this.firsts, width, height);
    this.firsts = this.layout.columns.map(({ first }) => first);
    if (selection.weight && !this.layout.shows(selection.weight)) selection.weight = null;
    const [layer] = focus.current;
    if (!this.layout.tile(focus.current)) focus.current = [layer, this.firsts[layer]];
    selection.hovered = null;
    this.rebuild();
    this.drawing.setLayout(this.layout);
    if (JSON.stringify(this.windows) !== before) {
      this.frame = null;
      this.weights.data = undefined;
      this.on.windows();
    } else if (this.frame) this.writeNumbers();
    this.showSelection();
  }

  /** Make the DOM anew; the focus stays where it was. */
  rebuild() {
    const { focus, overlay, selection } = this;
    const active = /** @type {HTMLElement} */ (document.activeElement);
    const hasFocus = overlay.units.contains(active);
    this.building = true;
    overlay.build(this.net, this.layout);
    this.building = false;
    overlay.setTabStop(focus.current);
    overlay.markPinned(selection.pinned);
    overlay.placeSlider(selection.weight);
    if (hasFocus) (overlay.pagerLike(active) ?? overlay.elementOf(focus.current)).focus({ preventScroll: true });
  }

  draw() {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = undefined;
    const moving = Boolean(this.weights.data) && this.weights.adjustScale();
    if (moving) this.drawing.renew();
    const left = this.drawing.draw(this.weights, this.frame ? this.atlas : null, this.selection.highlighted);
    if (moving || left) this.drawSoon(); // unless the next frame comes first
  }

  drawSoon() {
    this.scheduled ??= requestAnimationFrame(() => {
      this.scheduled = undefined;
      this.draw();
    });
  }

  /** The numbers in the DOM change less often than the picture. */
  writeNumbersSoon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.frame) this.writeNumbers();
    }, Math.max(0, this.writtenAt + REST - performance.now()));
  }

  writeNumbers() {
    const { highlighted, weight } = this.selection;
    this.writtenAt = performance.now();
    this.overlay.writeNumbers(this.weights, this.frame.network.scales, highlighted, weight);
  }

  // --- hovering and pinning --------------------------------------------------------------

  /**
   * What lies at a point of the area.
   * @param {number} x @param {number} y @param {number} [reach] px an edge may be away
   */
  hit(x, y, reach) {
    return this.layout?.at(x, y, reach) ?? null;
  }

  /** @param {Target?} target */
  hover(target) {
    if (JSON.stringify(target) === JSON.stringify(this.selection.hovered)) return;
    this.selection.hovered = target;
    this.overlay.area.dataset.over = target ? Object.keys(target)[0] : "";
    this.showSelection();
  }

  /** Highlight what is selected, and have the plot show the unit's map. */
  showSelection() {
    const { highlighted, unit } = this.selection;
    if (String(unit) !== String(this.shown)) {
      this.shown = unit;
      this.on.unit(unit && [...unit]);
    }
    this.overlay.writeTip(this.weights, highlighted);
    this.overlay.placeTip(highlighted);
    this.drawSoon();
  }

  /** A click on a unit keeps its map in the plot; a second one removes it. @param {Unit} unit */
  togglePin(unit) {
    this.selection.toggle(unit);
    this.overlay.markPinned(this.selection.pinned);
    this.showSelection();
  }

  unpin() {
    this.selection.unpin();
    this.overlay.markPinned(null);
    if (this.layout) this.showSelection();
  }

  // --- units and weights -----------------------------------------------------------------

  /**
   * Show other units of a layer that does not fit.
   * @param {number} layer @param {number} step 1 for the next page, −1 for the one before
   */
  showPage(layer, step) {
    const { focus, layout } = this;
    const { first, count, size } = layout.columns[layer];
    const to = Math.max(0, Math.min(size - count, first + step * count));
    if (to === first) return;
    this.firsts[layer] = to;
    if (focus.current[0] === layer) focus.current = [layer, step < 0 ? to + count - 1 : to];
    this.arrange();
    this.on.announce(`${layerName(this.net, layer)}: units ${to + 1} to ${to + count} of ${size}`);
  }

  /**
   * @param {Place} weight @param {number} value
   * @param {boolean} settled false while it is dragged, or a key held down
   */
  change(weight, value, settled) {
    this.weights.hold(weight, value);
    this.drawing.renew();
    if (settled) this.weights.release();
    this.on.edit([...weight], value, settled);
    const { highlighted, weight: selected } = this.selection;
    this.overlay.writeTip(this.weights, highlighted);
    if (selected) this.overlay.setValue(this.weights.at(selected));
    this.drawSoon();
  }

  /** The drag has ended, or the key was released. */
  settle() {
    const { held } = this.weights;
    if (held) this.change(held.weight, held.value, true);
  }

  /** Open the form for a number. @param {Place} weight */
  openEditor(weight) {
    const { layout, overlay } = this;
    const size = [layout.width, overlay.area.clientHeight];
    this.editor.show(this.net, weight, this.weights.at(weight), layout.position(weight), size);
  }
}
