/** The focus in the diagram, and how keys move it between units, pages and weights. */

import { nearestUnit, nextWeight } from "./navigation.js";

/**
 * @typedef {import("./names.js").Place} Place
 * @typedef {import("./names.js").Unit} Unit
 */

export class Focus {
  /** The unit that Tab leads to. @type {Unit} */
  current = [0, 0];

  /** @param {import("./diagram.js").Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
  }

  /** A unit has the focus. @param {Unit} unit */
  setUnit(unit) {
    const { selection, overlay } = this.diagram;
    this.current = unit;
    selection.focused = unit;
    selection.hovered = null;
    overlay.setTabStop(unit);
    this.setWeight(null);
  }

  /** The focus has left the diagram. */
  leave() {
    if (this.diagram.building) return; // it comes back
    this.diagram.selection.focused = null;
    this.setWeight(null);
  }

  /** @param {Unit} unit gets the focus */
  goTo(unit) {
    this.diagram.overlay.elementOf(unit)?.focus({ preventScroll: true });
  }

  /**
   * Go to the nearest unit of the next layer, or to the next unit of this one.
   * @param {number} layers @param {number} units one of them 0, the other −1 or 1
   */
  move(layers, units) {
    const { diagram } = this;
    if (layers) {
      const nearest = nearestUnit(diagram.layout, this.current, layers);
      if (nearest) this.goTo(nearest);
      return;
    }
    const [layer, unit] = this.current;
    const to = unit + units;
    if (to < 0 || to >= diagram.net.sizes[layer]) return;
    if (!diagram.layout.tile([layer, to])) diagram.showPage(layer, units);
    this.goTo([layer, to]);
  }

  /**
   * Show other units of the current layer.
   * @param {number} step 1 for the next page, −1 for the one before
   */
  turnPage(step) {
    const [layer] = this.current;
    this.diagram.showPage(layer, step);
    const { units } = this.diagram.layout.columns[layer];
    this.goTo([layer, (step < 0 ? units[0] : units.at(-1)).unit]);
  }

  /** Go from the current unit to its weights, the bias first. */
  enterWeights() {
    const [layer, unit] = this.current;
    if (layer > 0) this.goToWeight([layer - 1, 0, unit]);
  }

  /** Go to the next weight of the unit, or to the one before. @param {number} step 1 or −1 */
  moveToWeight(step) {
    this.goToWeight(nextWeight(this.diagram.layout, this.diagram.selection.weight, step));
  }

  /** Go from the weights back to their unit. */
  leaveWeights() {
    this.goTo(this.current);
  }

  /** @param {Place} weight gets the focus */
  goToWeight(weight) {
    const { overlay, weights } = this.diagram;
    this.setWeight(weight);
    overlay.setValue(weights.at(weight));
    overlay.slider.focus({ preventScroll: true });
  }

  /** @param {Place?} weight that has the focus, if any has */
  setWeight(weight) {
    this.diagram.selection.weight = weight;
    this.diagram.overlay.placeSlider(weight);
    this.diagram.showSelection();
  }
}
