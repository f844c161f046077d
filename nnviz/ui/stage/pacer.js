/**
 * Shares out the time of a frame between panels that cost more than the picture itself.
 *
 * Each panel is redrawn as often as its measured cost allows: on average it may take SHARE of
 * a frame, so a panel of five times that is redrawn on every fifth frame, and none together
 * with another. When nothing moves, all are brought up to date.
 */

const SHARE = 2; // ms a panel may take of a frame, on average
const REST = 3; // frames between two drawings of a panel, however cheap: nobody reads faster

export class Pacer {
  constructor() {
    this.panels = new Map();
    this.count = 0;
  }

  /** The panel has something new; `draw` shows the latest. */
  want(name, draw) {
    const panel = this.panels.get(name) ?? { cost: SHARE, last: -Infinity };
    this.panels.set(name, { ...panel, draw });
  }

  /** Everything wanted is to be drawn with the next frame. */
  all() {
    this.urgent = true;
  }

  /** One frame: draws the panel that has waited longest for its turn, or all if urgent. */
  frame() {
    this.count += 1;
    const due = [...this.panels.values()]
      .filter(({ draw, cost, last }) => draw && (this.urgent || this.count - last >= Math.max(REST, cost / SHARE)))
      .sort((a, b) => a.last - b.last);
    for (const panel of this.urgent ? due : due.slice(0, 1)) {
      const start = performance.now();
      panel.draw();
      panel.draw = undefined;
      panel.cost += (performance.now() - start - panel.cost) / 4;
      panel.last = this.count;
    }
    this.urgent = false;
  }
}
