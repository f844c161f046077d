/**
 * Distributes frames among panels that are more expensive than the picture itself.
 *
 * A panel is redrawn every few frames, never in the same frame as another, so that no frame is late. When
 * nothing moves, all are brought up to date.
 */

/**
 * @typedef {object} Paced a panel
 * @property {string} name
 * @property {number} period frames between two drawings
 * @property {number} last frame in which it was drawn
 * @property {() => void} [draw] what is to be drawn, if anything is new
 */

const PERIOD = 6; // of a panel without one of its own

export class Pacer {
  /** @param {Object<string, number>} periods frames between two drawings, by panel; those without take a default */
  constructor(periods) {
    /** @type {Paced[]} */
    this.panels = Object.entries(periods).map(([name, period]) => ({ name, period, last: -Infinity }));
    this.count = 0;
  }

  /**
   * The panel has something new; `draw` shows the latest.
   * @param {string} name @param {() => void} draw
   */
  want(name, draw) {
    this.panel(name).draw = draw;
  }

  /** @param {string} name @returns {Paced} */
  panel(name) {
    const known = this.panels.find((panel) => panel.name === name);
    if (known) return known;
    /** @type {Paced} */
    const added = { name, period: PERIOD, last: -Infinity };
    this.panels.push(added);
    return added;
  }

  /** One frame: draws the panel that is most overdue, if one is due. */
  frame() {
    this.count += 1;
    const due = this.panels.filter(({ draw, last, period }) => draw && this.count - last >= period);
    this.draw(due.sort((a, b) => a.last + a.period - b.last - b.period).slice(0, 1));
  }

  /** Draw everything that is new, at once. */
  all() {
    this.draw(this.panels.filter(({ draw }) => draw));
  }

  /** @param {Paced[]} panels */
  draw(panels) {
    for (const panel of panels) {
      panel.draw();
      panel.draw = undefined;
      panel.last = this.count;
    }
  }
}
