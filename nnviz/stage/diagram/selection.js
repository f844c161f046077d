/** Which parts of the diagram are hovered, focused, edited or pinned, and what follows from that. Pure. */

/**
 * @typedef {import("./names.js").Target} Target
 * @typedef {import("./names.js").Unit} Unit
 * @typedef {import("./names.js").Place} Place
 */

export class Selection {
  /** The unit or weight under the pointer. @type {Target?} */
  hovered = null;
  /** The unit with the keyboard's focus. @type {Unit?} */
  focused = null;
  /** The weight with the keyboard's focus. @type {Place?} */
  weight = null;
  /** The unit that was clicked. @type {Unit?} */
  pinned = null;

  /** The unit or weight that is drawn highlighted. @returns {Target} */
  get highlighted() {
    if (this.hovered) return this.hovered;
    return this.weight ? { weight: this.weight } : { unit: this.focused ?? this.pinned ?? undefined };
  }

  /** The unit whose map the plot shows. @returns {Unit?} */
  get unit() {
    return this.hovered?.unit ?? this.focused ?? this.pinned;
  }

  /**
   * A click on a unit pins it; a second one unpins it, though the pointer is still there.
   * @param {Unit} unit
   */
  toggle(unit) {
    if (String(unit) === String(this.pinned)) {
      this.unpin();
      this.hovered = null;
    } else this.pinned = unit;
  }

  /** The plot shows no unit any more, but one that is hovered. */
  unpin() {
    this.pinned = this.focused = null;
  }

  /** Another network. */
  clear() {
    this.weight = this.hovered = null;
    this.unpin();
  }
}
